package dev.moorage.access;

import dev.moorage.access.Login.Known;
import dev.moorage.config.ConsoleConfig;
import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.AccountRow;
import dev.moorage.metadata.AccountStore;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.RefreshTokenStore.Owner;
import dev.moorage.metadata.SessionStore;
import dev.moorage.metadata.SessionStore.Limits;
import dev.moorage.metadata.SessionStore.NewSession;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AccountId;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Sessions of the console: begun by a log-in, shown by a browser, and ended by a log-out.
 *
 * <p>They are rows, so that every replica knows them and none knows one that has ended. Who shows one may what the account
 * may, but for what asks for the password anew.
 */
@ApplicationScoped
public class Sessions {

    /** How many sessions an account has at most: the one that was used the longest ago makes room. */
    static final int MOST = 32;

    private static final int LONGEST_ADDRESS = 64;
    private static final int LONGEST_CLIENT = 255;

    private final Transactions transactions;
    private final SessionStore store;
    private final AccountStore accounts;
    private final Login login;
    private final RequestLimits limits;
    private final Auditor auditor;
    private final Denials denials;
    private final Limits good;

    Sessions(
            Transactions transactions,
            SessionStore store,
            AccountStore accounts,
            Login login,
            RequestLimits limits,
            Auditor auditor,
            Denials denials,
            MoorageConfig config) {
        this.transactions = transactions;
        this.store = store;
        this.accounts = accounts;
        this.login = login;
        this.limits = limits;
        this.auditor = auditor;
        this.denials = denials;
        ConsoleConfig console = config.console();
        this.good = new Limits(console.sessionIdle(), console.sessionLifetime());
    }

    /**
     * Begins a session for who shows the name and the password of an account; empty where they are wrong, and 429 after too
     * many that were.
     *
     * <p>A token in the password's place does not do: it may be for less than a session is.
     */
    public Optional<Secret> begin(Visitor visitor, String user, String password) {
        limits.count(visitor.address());
        Optional<Known> known = login.login(new Credentials.Basic(user, password), visitor);
        Optional<Principal.Account> account = known.filter(who ->
                        who.owner().filter(Owner.Account.class::isInstance).isPresent())
                .map(Known::principal)
                .filter(Principal.Account.class::isInstance)
                .map(Principal.Account.class::cast);
        known.filter(_ -> account.isEmpty())
                .ifPresent(who -> denials.add(
                        who.principal(),
                        visitor,
                        AuditSubject.of(AuditAction.LOGIN, who.principal().name()),
                        "a session is begun with the password, not with a token"));
        return account.flatMap(who -> begin(visitor, who));
    }

    // Hashing a password takes a while: it may have been changed since it was read.
    private Optional<Secret> begin(Visitor visitor, Principal.Account account) {
        return transactions.call(Durability.POWER_CUT, tx -> begin(tx, visitor, account, "the password"));
    }

    /** Begins a session for the owner of an account, which the transaction keeps from being changed. */
    Secret begin(Transaction transaction, Visitor visitor, AccountId id, String by) {
        AccountRow row = accounts.find(transaction, id).orElseThrow();
        return begin(transaction, visitor, Login.account(row), by).orElseThrow();
    }

    private Optional<Secret> begin(Transaction transaction, Visitor visitor, Principal.Account account, String by) {
        Secret secret = Secret.make(Secret.Kind.SESSION);
        NewSession session = new NewSession(
                secret.hash(),
                AuditText.fit(visitor.address(), LONGEST_ADDRESS),
                AuditText.fit(visitor.client(), LONGEST_CLIENT),
                good);
        if (!store.insert(transaction, session, account.id(), account.epoch())) {
            return Optional.empty();
        }
        store.trim(transaction, account.id(), MOST);
        Audit audit = auditor.begin(transaction, AuditSubject.of(AuditAction.SESSION_BEGIN, account.name()));
        tell(transaction, visitor, account, audit.with("by", by));
        return Optional.of(secret);
    }

    /** Ends the session that a browser shows, as its owner does who logs out. */
    public void end(Visitor visitor, Credentials.Session session) {
        Secret.parse(Secret.Kind.SESSION, session.secret())
                .ifPresent(secret -> transactions.run(
                        Durability.POWER_CUT, tx -> store.end(tx, secret.hash()).ifPresent(row -> {
                            Audit audit = auditor.begin(tx, AuditSubject.of(AuditAction.SESSION_END, row.name()));
                            tell(tx, visitor, Login.account(row), audit.with("sessions", 1));
                        })));
    }

    /** Whose a session is; empty where it is none, or is one no more. */
    Optional<Known> known(Credentials.Session session, Visitor visitor) {
        Optional<Secret> secret = Secret.parse(Secret.Kind.SESSION, session.secret());
        if (secret.isEmpty()) {
            denials.unknown(visitor, AuditAction.TOKEN_SHOW, "it is no session of this registry");
        }
        Optional<SessionStore.Shown> shown =
                secret.flatMap(text -> transactions.read(tx -> store.find(tx, text.hash())));
        if (shown.isEmpty()) {
            // Nobody can guess one, and every browser shows one that has expired: counted as requests, not as failures.
            limits.count(visitor.address());
        }
        shown.filter(SessionStore.Shown::useStale)
                .ifPresent(
                        row -> transactions.run(Durability.PROGRAM_END, tx -> store.used(tx, row.id(), good.idle())));
        return shown.map(SessionStore.Shown::account)
                .map(row -> new Known(Login.account(row), Limit.NONE, Optional.empty()));
    }

    private void tell(Transaction transaction, Visitor visitor, Principal.Account account, Audit audit) {
        auditor.done(transaction, AuditActor.of(account, visitor.address(), visitor.client()), audit);
    }
}
