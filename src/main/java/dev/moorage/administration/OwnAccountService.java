package dev.moorage.administration;

import dev.moorage.access.Access;
import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Limit;
import dev.moorage.access.Passwords;
import dev.moorage.access.Powers;
import dev.moorage.access.Principal;
import dev.moorage.access.Secret;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.AccessTokenListStore;
import dev.moorage.metadata.AccessTokenStore;
import dev.moorage.metadata.AccountStore;
import dev.moorage.metadata.RefreshTokenStore;
import dev.moorage.metadata.SessionStore;
import dev.moorage.name.AccountId;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.RepositoryPrefix;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lets an account change its own password and have personal tokens. */
@ApplicationScoped
public class OwnAccountService {

    private final Management management;
    private final Access access;
    private final AccountStore accounts;
    private final AccessTokenStore tokens;
    private final AccessTokenListStore list;
    private final RefreshTokenStore refreshTokens;
    private final SessionStore sessions;
    private final Passwords passwords;

    OwnAccountService(
            Management management,
            Access access,
            AccountStore accounts,
            AccessTokenStore tokens,
            AccessTokenListStore list,
            RefreshTokenStore refreshTokens,
            SessionStore sessions,
            Passwords passwords) {
        this.management = management;
        this.access = access;
        this.accounts = accounts;
        this.tokens = tokens;
        this.list = list;
        this.refreshTokens = refreshTokens;
        this.sessions = sessions;
        this.passwords = passwords;
    }

    /**
     * A token to make.
     *
     * @param prefix where it may be used
     * @param actions what it may be used for, at least one
     * @param expiresAt until when; empty for ever
     */
    public record Wanted(String name, RepositoryPrefix prefix, Set<Action> actions, Optional<Instant> expiresAt) {

        /** Keeps its own copy of the actions. */
        public Wanted {
            actions = Set.copyOf(actions);
        }
    }

    /** Who the caller is. */
    public OwnAccount get(Grant grant) {
        return management.read(
                grant,
                (_, powers) -> new OwnAccount(
                        grant.caller().account(),
                        grant.principal() instanceof Principal.Account account && account.administrator(),
                        powers.holdings().stream().map(OwnAccount.Held::of).toList()));
    }

    /** Changes the caller's password, which ends what the token server gave him and his sessions of the console, and no personal token; 403 where the old one is wrong, 429 after too many of those. */
    public void changePassword(Grant grant, String old, String password) {
        Principal.Account account = account(grant);
        Texts.password("newPassword", password);
        AuditSubject subject = AuditSubject.of(AuditAction.ACCOUNT_PASSWORD, account.name());
        if (!access.isPassword(grant, old)) {
            throw new Forbidden("the old password is another one").about(subject);
        }
        String hash = passwords.hash(password);
        management.change(grant, subject, (tx, powers, _) -> {
            if (!accounts.setPassword(tx, account.id(), hash, account.epoch())) {
                // What he has shown is his no more, by whom or what the account was changed: refused as at the
                // beginning.
                management.again(tx, powers);
                throw new Conflict("the account was changed meanwhile");
            }
            refreshTokens.revoke(tx, account.id());
            sessions.endAll(tx, account.id());
            return true;
        });
    }

    /** The caller's personal tokens, without their secrets. */
    public Listing<PersonalToken> tokens(Grant grant, Listing.Asked asked) {
        AccountId account = account(grant).id();
        List<AccessTokenListStore.Row> rows = management.read(grant, (tx, powers) -> {
            demandWhole(powers);
            return list.page(tx, account, asked.number(), asked.rows());
        });
        return Listing.of(rows, asked, PersonalToken::of, row -> Long.toString(row.id()));
    }

    /**
     * Makes a personal token. One that administers is for everything: it could make a robot that may what it may not, for
     * longer than it lives. Only a password does for that, or who stole a token for a day could make one
     * for ever.
     */
    public PersonalToken.Made createToken(Grant grant, Wanted wanted) {
        AccountId account = account(grant).id();
        Texts.label(wanted.name());
        Texts.expiry(wanted.expiresAt());
        if (wanted.actions().isEmpty()) {
            throw new Invalid("actions", "a token is for at least one action");
        }
        if (wanted.actions().contains(Action.ADMINISTER)
                && !wanted.actions().containsAll(EnumSet.allOf(Action.class))) {
            throw new Invalid(
                    "actions",
                    "who administers can give all other actions: the token is for all of them, or for no administer");
        }
        AuditSubject subject = AuditSubject.of(AuditAction.PERSONAL_TOKEN_CREATE, wanted.name());
        if (!grant.byPassword()) {
            throw new Forbidden("a token is made with the password, not with another token").about(subject);
        }
        Secret secret = Secret.make(Secret.Kind.PERSONAL);
        return management.change(grant, subject, (tx, _, audit) -> {
            audit.with("prefix", wanted.prefix().value())
                    .with(
                            "actions",
                            wanted.actions().stream().sorted().map(Action::text).toList())
                    .with("expiresAt", wanted.expiresAt().map(Instant::toString));
            long id = tokens.insert(
                            tx,
                            account,
                            wanted.name(),
                            secret.hash(),
                            wanted.prefix(),
                            wanted.actions().stream().sorted().map(Action::text).toList(),
                            wanted.expiresAt().map(at -> at.atOffset(ZoneOffset.UTC)))
                    .orElseThrow(() -> new Conflict("there is a token " + wanted.name()));
            return new PersonalToken.Made(id, wanted.name(), secret.reveal());
        });
    }

    /** Ends a personal token, and what was given for it. */
    public void revokeToken(Grant grant, long id) {
        AccountId account = account(grant).id();
        AuditSubject subject = AuditSubject.of(AuditAction.PERSONAL_TOKEN_REVOKE, Long.toString(id));
        management.change(grant, subject, (tx, powers, audit) -> {
            demandWhole(powers);
            audit.target(tokens.revoke(tx, account, id).orElseThrow(() -> new NotFound("token", Long.toString(id))));
            return true;
        });
    }

    static void demandWhole(Powers powers) {
        if (!powers.contains(Limit.NONE)) {
            throw new Forbidden("the token that was shown is not for this");
        }
    }

    static Principal.Account account(Grant grant) {
        return switch (grant.principal()) {
            case Principal.Account account -> account;
            case Principal.Anonymous _, Principal.Robot _, Principal.Job _, Principal.External _ ->
                throw new Forbidden("only an account has a password, sessions and personal tokens");
        };
    }
}
