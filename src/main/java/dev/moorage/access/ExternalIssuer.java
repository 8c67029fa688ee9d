package dev.moorage.access;

import dev.moorage.access.Decision.Ground;
import dev.moorage.access.ForeignToken.Expected;
import dev.moorage.config.MoorageConfig;
import dev.moorage.config.MoorageConfig.External;
import dev.moorage.name.RepositoryName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;

/**
 * The other token server whose tokens are taken, where the settings name one (Docker token specification, "Docker Registry
 * v2 Bearer token specification").
 *
 * <p>What its claim {@code access} allows is allowed: it decides, and nothing here is asked besides. It knows names only, so a
 * token opens whatever repository has the name, until it expires.
 */
@ApplicationScoped
class ExternalIssuer {

    private static final int REMEMBERED = 2048;
    // As the registry's own: all that are remembered are some megabytes.
    private static final int LONGEST_REMEMBERED = 2048;
    private static final int LONGEST_SUBJECT = 255;
    private static final Set<Action> ALL = EnumSet.of(Action.PULL, Action.PUSH, Action.DELETE);

    private final Optional<Trusted> trusted;
    private final InstantSource time;
    private final Remembered<String, Seen> remembered = new Remembered<>(REMEMBERED);

    ExternalIssuer(Issuers issuers, InstantSource time, MoorageConfig config) {
        External external = config.access().external();
        this.time = time;
        this.trusted = external.issuer().flatMap(issuer -> external.jwksUrl()
                .map(address -> new Trusted(
                        new Expected(
                                issuer,
                                external.audience()
                                        .orElse(config.access().tokens().service()),
                                List.of("exp", "nbf")),
                        issuers.keysAt(address))));
    }

    private record Trusted(Expected expected, PublishedKeys keys) {}

    /** A token that was found right, and what its key is for: a signature takes as long as the rest of a request. */
    private record Seen(VerifiedToken token, String algorithm) {}

    /** Whether a text says that it is a token of that server, which may be a lie. */
    boolean isSaidToBeFromIt(String token) {
        return trusted.isPresent()
                && (remembered.get(token).isPresent()
                        || ForeignToken.read(token)
                                .filter(read ->
                                        read.saysIssuer(trusted.get().expected().issuer()))
                                .isPresent());
    }

    /** What a token of that server says, if it is one and good now. */
    Optional<VerifiedToken> verify(String token) {
        return trusted.flatMap(server -> {
            Instant now = time.instant();
            Optional<Seen> seen = remembered.get(token);
            if (seen.isPresent()) {
                // A key that was withdrawn takes its tokens along.
                return seen.filter(known -> server.keys()
                                .find(known.token().kid(), known.algorithm())
                                .isPresent())
                        .map(Seen::token)
                        .filter(known -> known.isGoodAt(now));
            }
            return ForeignToken.read(token).flatMap(read -> read.verify(server.expected(), now, server.keys())
                    .flatMap(ExternalIssuer::content)
                    .map(content -> verified(token, read, content)));
        });
    }

    private VerifiedToken verified(String token, ForeignToken read, Content content) {
        VerifiedToken verified =
                VerifiedToken.of(content.token(), read.kid().orElseThrow(), content.notBefore(), content.expiresAt());
        if (token.length() <= LONGEST_REMEMBERED) {
            remembered.put(token, new Seen(verified, read.algorithm().orElseThrow()));
        }
        return verified;
    }

    private record Content(TokenContent token, long notBefore, long expiresAt) {}

    private static Optional<Content> content(JwtClaims claims) {
        Optional<String> subject = Optional.ofNullable(claims.getClaimValue("sub"))
                .or(() -> Optional.of(""))
                .flatMap(JobClaims::text)
                .filter(text -> text.length() <= LONGEST_SUBJECT);
        try {
            String issuer = claims.getIssuer();
            long notBefore = claims.getNotBefore().getValue();
            long expiresAt = claims.getExpirationTime().getValue();
            List<?> access = claims.getClaimValue(TokenClaims.ACCESS) instanceof List<?> list ? list : List.of();
            return subject.map(text -> new Content(
                    new TokenContent(
                            new Principal.External(issuer, text),
                            Limit.NONE,
                            entries(access),
                            access.stream().anyMatch(ExternalIssuer::isCatalog),
                            notBefore),
                    notBefore,
                    expiresAt));
        } catch (MalformedClaimException _) {
            return Optional.empty();
        }
    }

    /** What is no item, or for something that is not here, is dropped and never widened. */
    private static List<TokenEntry> entries(List<?> access) {
        List<TokenEntry> entries = new ArrayList<>();
        for (Object item : access) {
            if (item instanceof Map<?, ?> claim
                    && "repository".equals(claim.get("type"))
                    && claim.get("name") instanceof String name
                    && claim.get("actions") instanceof List<?> actions) {
                Set<Action> allowed = actions(actions);
                RepositoryName.parse(name)
                        .filter(_ -> !allowed.isEmpty())
                        .ifPresent(repository ->
                                entries.add(new TokenEntry(Optional.of(repository), allowed, Ground.ISSUER)));
            }
        }
        return entries;
    }

    private static boolean isCatalog(Object item) {
        return item instanceof Map<?, ?> claim
                && "registry".equals(claim.get("type"))
                && "catalog".equals(claim.get("name"))
                && claim.get("actions") instanceof List<?> actions
                && actions.contains("*");
    }

    private static Set<Action> actions(List<?> texts) {
        Set<Action> actions = EnumSet.noneOf(Action.class);
        for (Object text : texts) {
            if ("*".equals(text)) {
                actions.addAll(ALL);
            } else if (text instanceof String word) {
                Action.parse(word).filter(ALL::contains).ifPresent(actions::add);
            }
        }
        return actions;
    }
}
