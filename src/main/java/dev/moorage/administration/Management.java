package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Audit;
import dev.moorage.access.Auditor;
import dev.moorage.access.Authority;
import dev.moorage.access.Decision;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.AccountListStore;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.GrantListStore;
import dev.moorage.metadata.OrganizationStore;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Supplier;

/** What every use case of this room begins with: a transaction, what the caller may do in it, and the organization. */
@ApplicationScoped
public class Management {

    private final Transactions transactions;
    private final Authority authority;
    private final OrganizationStore organizations;
    private final GrantListStore grants;
    private final AccountListStore accounts;
    private final RepositoryListStore repositories;
    private final Auditor auditor;

    Management(
            Transactions transactions,
            Authority authority,
            OrganizationStore organizations,
            GrantListStore grants,
            AccountListStore accounts,
            RepositoryListStore repositories,
            Auditor auditor) {
        this.transactions = transactions;
        this.authority = authority;
        this.organizations = organizations;
        this.grants = grants;
        this.accounts = accounts;
        this.repositories = repositories;
        this.auditor = auditor;
    }

    /** The work of a use case. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Transaction transaction, Powers powers);
    }

    /** The work of a use case that changes something, and tells of it. */
    @FunctionalInterface
    public interface Change<T> {
        T with(Transaction transaction, Powers powers, Audit audit);
    }

    /** Reads with what the caller may do, no statement for longer than {@link Transactions#list} lets it. */
    public <T> T read(Grant grant, Work<T> work) {
        return transactions.list(tx -> work.with(tx, authority.of(tx, grant)));
    }

    /**
     * Changes something with what the caller may do at that moment, and writes down who did it; one is not without the other.
     *
     * @param subject what is changed, as the audit trail calls it, also where that is denied
     */
    public <T> T change(Grant grant, AuditSubject subject, Change<T> work) {
        return about(
                subject,
                () -> transactions.call(Durability.POWER_CUT, tx -> {
                    Audit audit = auditor.begin(tx, subject);
                    T done = work.with(tx, authority.of(tx, grant), audit);
                    auditor.done(tx, grant, audit);
                    return done;
                }));
    }

    /** Does what a change would do, of which nothing stays and nothing is written down. */
    public <T> T rehearse(Grant grant, Work<T> work) {
        return transactions.rehearse(tx -> work.with(tx, authority.of(tx, grant)));
    }

    /** A further transaction of a change that was written down with its first. */
    <T> T changeFurther(Grant grant, Work<T> work) {
        return transactions.call(Durability.POWER_CUT, tx -> work.with(tx, authority.of(tx, grant)));
    }

    /** Does what belongs to a change, so that it is known what was forbidden where that is. */
    static <T> T about(AuditSubject subject, Supplier<T> work) {
        try {
            return work.get();
        } catch (Forbidden refusal) {
            throw refusal.about(subject);
        }
    }

    /** An organization that the caller sees; any other is as one that is not there, after the same statements. */
    public OrganizationStore.Row seen(Transaction transaction, Powers powers, OrganizationName name, Lock lock) {
        boolean seen = powers.sees(name);
        return organizations
                .find(transaction, name, seen ? lock : Lock.NONE)
                .filter(_ -> seen && behind(transaction, powers, lock).sees(name))
                .orElseThrow(() -> new NotFound("organization", name.value()));
    }

    /**
     * An organization as those meet it who ask what happened in it.
     *
     * @param id its identity
     * @param powers what the caller may do in it
     * @param state whether it is there
     */
    public record Met(OrganizationId id, Powers powers, State state) {}

    /** Whether an organization is there. */
    public enum State {
        LIVE,
        /** It was deleted with all that is in it: who owns it can bring it back, and to anybody else it is not there. */
        DELETED
    }

    /** An organization that the caller sees, or that he owned before it was deleted; others as {@link #seen} says. */
    public Met met(Transaction transaction, Powers powers, OrganizationName name) {
        return organizations
                .find(transaction, name, Lock.NONE)
                .filter(_ -> powers.sees(name))
                .map(row -> new Met(row.id(), powers, State.LIVE))
                .or(() -> metDeleted(transaction, powers, name))
                .orElseThrow(() -> new NotFound("organization", name.value()));
    }

    /** A repository that the caller may pull from, or else the last that had the name, where he may bring it back. */
    public RepositoryKey met(Transaction transaction, Powers powers, RepositoryName name) {
        return repositories
                .find(transaction, name, RepositoryListStore.Lock.NONE)
                .filter(row -> Powers.refusal(powers.over(name, Optional.of(row.visibility()), Action.PULL))
                        .isEmpty())
                .map(RepositoryListStore.Row::key)
                .or(() -> repositories.lastDeleted(transaction, name).filter(_ -> Powers.refusal(
                                powers.over(name, Optional.empty(), Action.ADMINISTER))
                        .isEmpty()))
                .orElseThrow(() -> new NotFound("repository", name.value()));
    }

    private Optional<Met> metDeleted(Transaction transaction, Powers powers, OrganizationName name) {
        Powers then = authority.ofDeleted(transaction, powers, name);
        return organizations
                .findDeleted(transaction, name)
                .filter(_ -> then.sees(name)
                        && Powers.refusal(then.over(name, Action.ADMINISTER)).isEmpty())
                .map(id -> new Met(id, then, State.DELETED));
    }

    /**
     * What the caller may do, read again behind a lock: who had it before may have taken just that from him.
     *
     * <p>It is a statement of its own after the one that waited, and sees what was committed until then.
     */
    public Powers again(Transaction transaction, Powers before) {
        return authority.again(transaction, before);
    }

    private Powers behind(Transaction transaction, Powers before, Lock lock) {
        return lock == Lock.NONE ? before : again(transaction, before);
    }

    /** A repository that the caller may pull from; any other is as one that is not there. */
    public RepositoryListStore.Row seen(
            Transaction transaction, Powers powers, RepositoryName name, RepositoryListStore.Lock lock) {
        Optional<RepositoryListStore.Row> found = repositories.find(transaction, name, lock);
        Powers now = lock == RepositoryListStore.Lock.NONE ? powers : again(transaction, powers);
        return found.filter(row -> Powers.refusal(now.over(name, Optional.of(row.visibility()), Action.PULL))
                        .isEmpty())
                .orElseThrow(() -> new NotFound("repository", name.value()));
    }

    /** An organization that the caller owns, to read about who may what. */
    OrganizationId owned(Transaction transaction, Powers powers, OrganizationName name) {
        return owned(transaction, powers, name, Lock.NONE);
    }

    /** An organization that the caller owns, to change who may what. */
    OrganizationId ownedForChange(Transaction transaction, Powers powers, OrganizationName name) {
        return owned(transaction, powers, name, Lock.RIGHTS);
    }

    /** An organization that the caller owns, behind a lock also when the lock is had. */
    public OrganizationId owned(Transaction transaction, Powers powers, OrganizationName name, Lock lock) {
        boolean may = Powers.refusal(powers.over(name, Action.ADMINISTER)).isEmpty();
        Lock taken = may ? lock : Lock.NONE;
        OrganizationId id = seen(transaction, powers, name, taken).id();
        demand(behind(transaction, powers, taken).over(name, Action.ADMINISTER));
        return id;
    }

    /** Refuses what was decided against the caller. */
    public static void demand(Decision decision) {
        Powers.refusal(decision).ifPresent(because -> {
            throw new Forbidden(because);
        });
    }

    /** Takes something away in an organization, unless nobody owned it then who did before. */
    void keepingAnOwner(Transaction transaction, OrganizationId organization, Runnable removal) {
        boolean owned = grants.anyOwner(transaction, organization);
        removal.run();
        if (owned && !grants.anyOwner(transaction, organization)) {
            throw new Conflict("this would leave the organization without an owner");
        }
    }

    /** The account of a name. */
    AccountListStore.Row account(Transaction transaction, String name) {
        return Texts.found("account", name, text -> accounts.find(transaction, text));
    }
}
