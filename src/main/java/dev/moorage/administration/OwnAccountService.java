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
import dev.moorage.name.AccountId;
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
    private final Passwords passwords;

    OwnAccountService(
            Management management,
            Access access,
            AccountStore accounts,
            AccessTokenStore tokens,
            AccessTokenListStore list,
            RefreshTokenStore refreshTokens,
            Passwords passwords) {
        this.management = management;
        this.access = access;
        this.accounts = accounts;
        this.tokens = tokens;
        this.list = list;
        this.refreshTokens = refreshTokens;
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

    /** Changes the caller's password, which ends what the token server gave him, and no personal token; 403 where the old one is wrong, 429 after too many of those. */
    public void changePassword(Grant grant, String old, String password) {
        Principal.Account account = account(grant);
        Texts.password("newPassword", password);
        if (!access.isPassword(grant, old)) {
            throw new Forbidden("the old password is another one");
        }
        String hash = passwords.hash(password);
        management.change(grant, (tx, _) -> {
            accounts.setPassword(tx, account.id(), hash);
            refreshTokens.revoke(tx, account.id());
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
        if (!grant.byPassword()) {
            throw new Forbidden("a token is made with the password, not with another token");
        }
        Secret secret = Secret.make(Secret.Kind.PERSONAL);
        return management.change(grant, (tx, _) -> {
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
        management.change(grant, (tx, powers) -> {
            demandWhole(powers);
            if (!tokens.revoke(tx, account, id)) {
                throw new NotFound("token", Long.toString(id));
            }
            return true;
        });
    }

    private static void demandWhole(Powers powers) {
        if (!powers.contains(Limit.NONE)) {
            throw new Forbidden("the token that was shown is not for this");
        }
    }

    private static Principal.Account account(Grant grant) {
        return switch (grant.principal()) {
            case Principal.Account account -> account;
            case Principal.Anonymous _, Principal.Robot _, Principal.Job _, Principal.External _ ->
                throw new Forbidden("only an account has a password and personal tokens");
        };
    }
}
