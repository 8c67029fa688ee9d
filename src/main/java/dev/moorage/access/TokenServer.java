package dev.moorage.access;

import dev.moorage.access.Credentials.Basic;
import dev.moorage.access.Login.Known;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.error.RegistryException.Unsupported;
import dev.moorage.metadata.AccountStore;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.RefreshTokenStore;
import dev.moorage.metadata.RefreshTokenStore.NewToken;
import dev.moorage.metadata.RefreshTokenStore.Owner;
import dev.moorage.metadata.RobotStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AccountId;
import dev.moorage.name.AuditAction;
import dev.moorage.name.RobotId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Gives tokens (Docker token specification; OAuth2 form of it). */
@ApplicationScoped
public class TokenServer {

    private static final int LONGEST_CLIENT = 255;

    private final Transactions transactions;
    private final Login login;
    private final LoginThrottle throttle;
    private final Granting granting;
    private final TokenWriter writer;
    private final RefreshTokenStore refreshTokens;
    private final AccountStore accounts;
    private final RobotStore robots;
    private final RequestLimits limits;
    private final Denials denials;
    private final MoorageConfig.Tokens config;

    TokenServer(
            Transactions transactions,
            Login login,
            LoginThrottle throttle,
            Granting granting,
            TokenWriter writer,
            RefreshTokenStore refreshTokens,
            AccountStore accounts,
            RobotStore robots,
            RequestLimits limits,
            Denials denials,
            MoorageConfig config) {
        this.transactions = transactions;
        this.login = login;
        this.throttle = throttle;
        this.granting = granting;
        this.writer = writer;
        this.refreshTokens = refreshTokens;
        this.accounts = accounts;
        this.robots = robots;
        this.limits = limits;
        this.denials = denials;
        this.config = config.access().tokens();
    }

    /** Whether a client wants to keep something of its login. */
    public enum Keep {
        NOTHING,
        REFRESH_TOKEN
    }

    /**
     * A request for a token.
     *
     * @param visitor who makes it
     * @param scopes the scope parameters as they came
     * @param client the client's own name
     * @param keep what it wants to keep
     */
    public record Asked(Visitor visitor, List<String> scopes, String client, Keep keep) {

        /**
         * Keeps its own copy of the scopes, and cuts an overlong name.
         *
         * @throws Unsupported where the name has control characters
         */
        public Asked {
            if (client.chars().anyMatch(Character::isISOControl)) {
                throw new Unsupported("client_id has control characters");
            }
            scopes = List.copyOf(scopes);
            client = client.length() > LONGEST_CLIENT ? client.substring(0, LONGEST_CLIENT) : client;
        }
    }

    /**
     * A token.
     *
     * @param token the token itself
     * @param refreshToken what the client may come again with
     * @param expiresIn for how many seconds it is good
     * @param issuedAt since when
     * @param scope what was granted, in the form of a scope parameter
     */
    public record Given(String token, Optional<String> refreshToken, long expiresIn, Instant issuedAt, String scope) {

        @Override
        public String toString() {
            return scope;
        }
    }

    /** A token for whoever the visitor is, which may be nobody; 401 where he shows something that is wrong. */
    public Given token(Asked asked) {
        AskedScopes scopes = AskedScopes.parse(asked.scopes());
        return switch (asked.visitor().credentials()) {
            case Credentials.None _ -> {
                limits.count(asked.visitor().address());
                yield given(
                        scopes, new Known(new Principal.Anonymous(), Limit.NONE, Optional.empty()), Optional.empty());
            }
            case Basic basic -> {
                Known known = login.login(basic, asked.visitor()).orElseThrow(this::refused);
                limits.count(known.principal(), asked.visitor().address());
                yield given(scopes, known, refreshToken(known, asked));
            }
            case Credentials.Bearer _, Credentials.Session _, Credentials.Unreadable _ -> {
                denials.unknown(
                        asked.visitor(), AuditAction.TOKEN_ISSUE, "what was shown is neither a name nor a password");
                throw refused();
            }
        };
    }

    /** A token for the owner of a refresh token; 401 where that is none, or is one no more. */
    public Given refresh(Asked asked, String refreshToken) {
        AskedScopes scopes = AskedScopes.parse(asked.scopes());
        Optional<Known> known = Secret.parse(Secret.Kind.REFRESH, refreshToken)
                .flatMap(secret -> transactions.read(tx ->
                        refreshTokens.find(tx, secret.hash(), config.service()).flatMap(owner -> known(tx, owner))));
        if (known.isEmpty()) {
            denials.unknown(asked.visitor(), AuditAction.TOKEN_ISSUE, "it is no refresh token, or is one no more");
            throttle.wrongSecret(asked.visitor().address());
            throw refused();
        }
        limits.count(known.get().principal(), asked.visitor().address());
        return given(scopes, known.get(), Optional.of(refreshToken));
    }

    private Given given(AskedScopes scopes, Known known, Optional<String> refreshToken) {
        TokenContent content = writer.fitting(granting.grant(known.principal(), known.limit(), scopes));
        LoginMeter.issued(known.principal());
        return new Given(
                writer.write(content),
                refreshToken,
                writer.lifetime().toSeconds(),
                Instant.ofEpochSecond(content.issuedAt()),
                content.entries().stream().map(TokenServer::scope).collect(Collectors.joining(" ")));
    }

    private static String scope(TokenEntry entry) {
        return "repository:%s:%s"
                .formatted(
                        entry.name().map(Object::toString).orElse("*"),
                        entry.actions().stream().sorted().map(Action::text).collect(Collectors.joining(",")));
    }

    private Optional<String> refreshToken(Known known, Asked asked) {
        return known.owner().filter(_ -> asked.keep() == Keep.REFRESH_TOKEN).map(owner -> {
            Secret secret = Secret.make(Secret.Kind.REFRESH);
            NewToken token = new NewToken(secret.hash(), asked.client(), config.service(), config.refreshLifetime());
            // Hashing a password takes a while: it may have been changed since it was read.
            if (!transactions.call(
                    Durability.POWER_CUT, tx -> refreshTokens.insert(tx, token, owner, epoch(known.principal())))) {
                throw refused();
            }
            return secret.reveal();
        });
    }

    private static long epoch(Principal principal) {
        return switch (principal) {
            case Principal.Account account -> account.epoch();
            case Principal.Robot robot -> robot.epoch();
            case Principal.Anonymous _, Principal.Job _, Principal.External _ ->
                throw new IllegalStateException("gets no refresh token");
        };
    }

    private Optional<Known> known(Transaction transaction, Owner owner) {
        return switch (owner) {
            case Owner.Account(AccountId id) -> accounts.find(transaction, id).map(Login::known);
            case Owner.Robot(RobotId id) -> robots.find(transaction, id).map(Login::known);
            case Owner.Personal(AccountId _, long token) ->
                refreshTokens.personal(transaction, token).map(Login::known);
        };
    }

    private Unauthorized refused() {
        return new Unauthorized("Basic realm=\"" + config.service() + '"');
    }
}
