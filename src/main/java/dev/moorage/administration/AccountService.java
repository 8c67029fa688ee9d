package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Audit;
import dev.moorage.access.Grant;
import dev.moorage.access.Passwords;
import dev.moorage.access.PeopleLogin;
import dev.moorage.access.Powers;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.metadata.AccountListStore;
import dev.moorage.metadata.AccountListStore.Row;
import dev.moorage.metadata.AccountListStore.State;
import dev.moorage.metadata.AccountStore;
import dev.moorage.metadata.AccountStore.Kind;
import dev.moorage.metadata.PersonStore;
import dev.moorage.metadata.RefreshTokenStore;
import dev.moorage.metadata.SessionStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes accounts, changes and ends them, for administrators. */
@ApplicationScoped
public class AccountService {

    private static final int RANDOM_BYTES = 18;

    private final Management management;
    private final AccountStore accounts;
    private final AccountListStore list;
    private final PersonStore people;
    private final RefreshTokenStore refreshTokens;
    private final SessionStore sessions;
    private final Passwords passwords;

    AccountService(
            Management management,
            AccountStore accounts,
            AccountListStore list,
            PersonStore people,
            RefreshTokenStore refreshTokens,
            SessionStore sessions,
            Passwords passwords) {
        this.management = management;
        this.accounts = accounts;
        this.list = list;
        this.people = people;
        this.refreshTokens = refreshTokens;
        this.sessions = sessions;
        this.passwords = passwords;
    }

    /** What an account may do without a role. */
    public enum Rank {
        /** What everybody may. */
        USUAL,
        /** Everything. */
        ADMINISTRATOR
    }

    /**
     * An account to make.
     *
     * @param password its password; where it is empty one is made
     */
    public record Wanted(String name, Rank rank, Optional<String> password) {
        @Override
        public String toString() {
            return name + ", ***";
        }
    }

    /** Which person of an OpenID provider logs in to an account. */
    public sealed interface Link {

        /** Whoever did before. */
        record Kept() implements Link {}

        /** Nobody. */
        record Ended() implements Link {}

        /** The one whom the provider calls so. */
        record To(String issuer, String subject) implements Link {}
    }

    /** What is to be changed of an account; what is empty stays. */
    public record Change(
            Optional<Boolean> enabled, Optional<Boolean> administrator, Optional<String> password, Link link) {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** All accounts. */
    public Listing<Account> list(Grant grant, Listing.Asked asked) {
        List<Row> rows = management.read(grant, (tx, powers) -> {
            demand(powers);
            return list.page(tx, asked.after(), asked.rows());
        });
        return Listing.of(rows, asked, Account::of, Row::name);
    }

    /** Makes an account; by a token no administrator, who would stay when the token is gone. */
    public Account.Made create(Grant grant, Wanted wanted) {
        Texts.account(wanted.name());
        wanted.password().ifPresent(text -> Texts.password("password", text));
        AuditSubject subject = AuditSubject.of(AuditAction.ACCOUNT_CREATE, wanted.name());
        demandNow(grant, subject, wanted.rank() == Rank.ADMINISTRATOR ? Must.BE_HIMSELF : Must.BE_ADMINISTRATOR);
        Optional<String> random = wanted.password().isPresent() ? Optional.empty() : Optional.of(random());
        // A hash takes long: it is made before the transaction.
        String hash = passwords.hash(wanted.password().or(() -> random).orElseThrow());
        Kind kind = wanted.rank() == Rank.ADMINISTRATOR ? Kind.ADMINISTRATOR : Kind.USUAL;
        return management.change(grant, subject, (tx, powers, audit) -> {
            demand(powers);
            audit.with("administrator", wanted.rank() == Rank.ADMINISTRATOR);
            if (accounts.insert(tx, wanted.name(), Optional.of(hash), kind).isEmpty()) {
                throw new Conflict("there is an account " + wanted.name());
            }
            return new Account.Made(Account.of(management.account(tx, wanted.name())), random);
        });
    }

    /** An account. */
    public Account get(Grant grant, String name) {
        return management.read(grant, (tx, powers) -> {
            demand(powers);
            return Account.of(management.account(tx, name));
        });
    }

    /**
     * Changes an account, which ends what was given for its credentials; the last administrator stays one, and the last owner
     * of anything is not disabled. By a token neither a password is set nor who is an administrator, nor whose account it is:
     * who stole it for a day could have the account of another for ever.
     */
    public Account change(Grant grant, String name, Change change) {
        change.password().ifPresent(text -> Texts.password("password", text));
        if (change.link() instanceof Link.To(var issuer, var subject)) {
            Texts.address("issuer", issuer);
            Texts.subject(subject);
        }
        AuditSubject subject = AuditSubject.of(AuditAction.ACCOUNT_CHANGE, name);
        boolean linked = !(change.link() instanceof Link.Kept);
        boolean himself =
                change.password().isPresent() || change.administrator().isPresent() || linked;
        demandNow(grant, subject, himself ? Must.BE_HIMSELF : Must.BE_ADMINISTRATOR);
        Optional<String> hash = change.password().map(passwords::hash);
        return management.change(grant, subject, (tx, powers, audit) -> {
            demand(powers);
            list.lockAdministrators(tx);
            demand(management.again(tx, powers));
            Row row = management.account(tx, name);
            list.change(
                    tx,
                    new Row(
                            row.id(),
                            row.name(),
                            change.administrator()
                                    .map(may -> may ? Kind.ADMINISTRATOR : Kind.USUAL)
                                    .orElse(row.kind()),
                            change.enabled()
                                    .map(enabled -> enabled ? State.ENABLED : State.DISABLED)
                                    .orElse(row.state()),
                            row.createdAt(),
                            row.person()));
            link(tx, row, change.link());
            hash.ifPresent(text -> {
                accounts.setPassword(tx, row.id(), text);
                refreshTokens.revoke(tx, row.id());
                sessions.endAll(tx, row.id());
            });
            if (change.enabled().filter(enabled -> !enabled).isPresent()) {
                sessions.endAll(tx, row.id());
            }
            demandAdministrator(tx, row);
            Row now = management.account(tx, name);
            tell(audit, row, now, hash);
            return Account.of(now);
        });
    }

    /** Deletes an account with its roles and tokens; the last administrator stays, and the last owner of anything. */
    public void delete(Grant grant, String name) {
        management.change(grant, AuditSubject.of(AuditAction.ACCOUNT_DELETE, name), (tx, powers, _) -> {
            demand(powers);
            list.lockAdministrators(tx);
            demand(management.again(tx, powers));
            Row row = management.account(tx, name);
            demandOwners(tx, row);
            list.delete(tx, row.id());
            refreshTokens.revoke(tx, row.id());
            sessions.endAll(tx, row.id());
            demandAdministrator(tx, row);
            return true;
        });
    }

    private static void tell(Audit audit, Row before, Row now, Optional<String> hash) {
        audit.changed("enabled", before.state() == State.ENABLED, now.state() == State.ENABLED)
                .changed("administrator", before.kind() == Kind.ADMINISTRATOR, now.kind() == Kind.ADMINISTRATOR)
                .changed(
                        "person",
                        before.person().map(AccountService::text),
                        now.person().map(AccountService::text))
                .with("password", hash.map(_ -> "set"));
    }

    private static String text(PersonStore.Person person) {
        return person.issuer() + ' ' + person.subject();
    }

    /** What the person who was linked before got by logging in ends with the link. */
    private void link(Transaction transaction, Row row, Link link) {
        Optional<PersonStore.Person> person =
                switch (link) {
                    case Link.Kept _ -> row.person();
                    case Link.Ended _ -> Optional.empty();
                    case Link.To(var issuer, var subject) -> Optional.of(new PersonStore.Person(issuer, subject));
                };
        if (person.equals(row.person())) {
            return;
        }
        if (!people.link(transaction, row.id(), person)) {
            throw new Conflict("another account is that person's");
        }
        people.removeTokens(transaction, row.id(), PeopleLogin.TOKEN);
        refreshTokens.revoke(transaction, row.id());
        sessions.endAll(transaction, row.id());
    }

    private void demandOwners(Transaction transaction, Row leaving) {
        List<String> owned = list.lastOwned(transaction, leaving.id());
        if (!owned.isEmpty()) {
            throw new Conflict("this would leave organizations without an owner", Map.of("organizations", owned));
        }
    }

    private void demandAdministrator(Transaction transaction, Row before) {
        boolean counted = before.kind() == Kind.ADMINISTRATOR && before.state() == State.ENABLED;
        if (counted && !list.anyAdministrator(transaction)) {
            throw new Conflict("this would leave the registry without an administrator");
        }
    }

    private static void demandHimself(Grant grant) {
        if (grant.byToken()) {
            throw new Forbidden(
                    "passwords, administrators and whose account it is are set with one's own password, not with a token");
        }
    }

    /** Who one must be. */
    private enum Must {
        BE_ADMINISTRATOR,
        BE_HIMSELF
    }

    /** Nobody makes the registry hash who may not. */
    private void demandNow(Grant grant, AuditSubject subject, Must must) {
        Management.about(
                subject,
                () -> management.read(grant, (_, powers) -> {
                    demand(powers);
                    if (must == Must.BE_HIMSELF) {
                        demandHimself(grant);
                    }
                    return true;
                }));
    }

    private static void demand(Powers powers) {
        Management.demand(powers.everywhere(Action.ADMINISTER));
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
