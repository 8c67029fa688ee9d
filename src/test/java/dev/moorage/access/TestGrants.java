package dev.moorage.access;

import dev.moorage.access.Grant.Basis;
import dev.moorage.metadata.AuditStore;
import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.Guard;
import dev.moorage.metadata.GuardStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.TrustedIssuerId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Grants of the open mode for tests of use cases. */
public final class TestGrants {

    private static final Caller CALLER = new Caller("tester", "192.0.2.7", "test/1.0");

    private TestGrants() {}

    /** A grant to do everything to a repository. */
    public static Grant to(String repository) {
        return Grant.open(CALLER, Optional.of(new RepositoryName(repository)));
    }

    /** The same for somebody else. */
    public static Grant to(String repository, String account) {
        Caller caller = new Caller(account, CALLER.address(), CALLER.client());
        return Grant.open(caller, Optional.of(new RepositoryName(repository)));
    }

    /** The grant of a CI job whose token a trusted issuer of that number gave. */
    public static Grant ofJob(String repository, long issuer, String subject) {
        Principal.Job job = new Principal.Job(new TrustedIssuerId(issuer), new OrganizationId(1), subject, 0, Map.of());
        Caller caller = new Caller(job.name(), CALLER.address(), CALLER.client());
        return new Grant(
                caller,
                Optional.of(new RepositoryName(repository)),
                Set.of(Action.PULL, Action.PUSH),
                Basis.held(job, Limit.NONE, Guard.NONE),
                new Challenge("", "", ""));
    }

    /** A grant to list repositories. */
    public static Grant catalog() {
        return Grant.open(CALLER, Optional.empty());
    }

    /** The same for somebody else. */
    public static Grant catalog(String account) {
        return Grant.open(new Caller(account, CALLER.address(), CALLER.client()), Optional.empty());
    }

    /** A grant of an account to ask for something of the management API, as it was when its epoch was 0. */
    public static Grant administration(AccountId id, Limit limit) {
        Principal.Account account = new Principal.Account(id, "account" + id.value(), 0, false);
        return administration(account, limit);
    }

    /** A grant of an administrator to ask for something of the management API. */
    public static Grant administrator(AccountId id, Limit limit) {
        return administration(new Principal.Account(id, "administrator" + id.value(), 0, true), limit);
    }

    private static Grant administration(Principal.Account account, Limit limit) {
        return new Grant(
                CALLER,
                Optional.empty(),
                Set.of(),
                Basis.held(account, limit, Guard.of(VerifiedToken.holder(account), new Guard.Which.Any())),
                new Challenge("", "", ""));
    }

    /** What reads what the holder of a grant may do. */
    public static Authority authority() {
        return new Authority(standings(), new GuardStore());
    }

    /** What writes down changes. */
    public static Auditor auditor() {
        return new Auditor(new AuditStore());
    }

    /** What writes down denials. */
    public static Denials denials(Transactions transactions) {
        return new Denials(transactions, new AuditStore());
    }

    /** What hashes passwords. */
    public static Passwords passwords() {
        return new Passwords(1);
    }

    /** What reads what somebody holds. */
    public static Standings standings() {
        return new Standings(new GrantStore());
    }
}
