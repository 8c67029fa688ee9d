package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Audit;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.ImmutabilityStore;
import dev.moorage.metadata.ImmutabilityStore.Row;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.TagPattern;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes and lifts the rules that keep tags on their manifests.
 *
 * <p>Owners make and lift them, of the organization or of the repository that they are about; a role that pulls is enough to
 * read them.
 */
@ApplicationScoped
public class ImmutabilityRules {

    /** How many rules one repository, or an organization as a whole, has at most: whatever moves a tag asks them all. */
    public static final int MOST = 100;

    private final Management management;
    private final ImmutabilityStore rules;

    ImmutabilityRules(Management management, ImmutabilityStore rules) {
        this.management = management;
        this.rules = rules;
    }

    /** Rules of an organization and of its repositories, in an order that stays and means nothing. */
    public Listing<ImmutabilityRule> list(Grant grant, OrganizationName organization, Listing.Asked asked) {
        List<Row> rows = management.read(grant, (tx, powers) -> {
            OrganizationId id =
                    management.seen(tx, powers, organization, Lock.NONE).id();
            Management.demand(powers.over(organization, Action.PULL));
            return rules.after(tx, id, asked.number(), asked.rows());
        });
        return page(rows, asked);
    }

    /** Rules that keep tags of a repository, its organization's too, in an order that stays and means nothing. */
    public Listing<ImmutabilityRule> list(Grant grant, RepositoryName repository, Listing.Asked asked) {
        List<Row> rows = management.read(
                grant,
                (tx, powers) ->
                        rules.about(tx, key(tx, powers, repository, Action.PULL), asked.number(), asked.rows()));
        return page(rows, asked);
    }

    /**
     * Keeps tags of all repositories of an organization.
     *
     * <p>When it returns, no push or deletion that has not seen the rule is under way in the repositories that were there.
     */
    public ImmutabilityRule add(Grant grant, OrganizationName organization, TagPattern pattern) {
        AuditSubject subject = AuditSubject.of(AuditAction.IMMUTABILITY_CREATE, organization);
        return management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("pattern", pattern.value());
            OrganizationId id = management.owned(tx, powers, organization);
            rules.lock(tx, id);
            Management.demand(management.again(tx, powers).over(organization, Action.ADMINISTER));
            return insert(tx, id, Optional.empty(), pattern);
        });
    }

    /**
     * Keeps tags of a repository.
     *
     * <p>When it returns, no push or deletion that has not seen the rule is under way in the repository.
     */
    public ImmutabilityRule add(Grant grant, RepositoryName repository, TagPattern pattern) {
        AuditSubject subject = AuditSubject.of(AuditAction.IMMUTABILITY_CREATE, repository);
        return management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("pattern", pattern.value());
            RepositoryKey key = key(tx, powers, repository, Action.ADMINISTER);
            if (!rules.lock(tx, key)) {
                throw new NotFound("repository", repository.value());
            }
            Management.demand(management.again(tx, powers).over(repository, Optional.empty(), Action.ADMINISTER));
            return insert(tx, key.organization(), Optional.of(key), pattern);
        });
    }

    /** Lifts any rule of an organization. */
    public void remove(Grant grant, OrganizationName organization, long id) {
        AuditSubject subject = AuditSubject.of(AuditAction.IMMUTABILITY_DELETE, organization);
        management.change(grant, subject, (tx, powers, audit) -> {
            OrganizationId owned = management.owned(tx, powers, organization);
            tell(audit, tx, owned, id);
            return demandRemoved(id, rules.remove(tx, owned, id));
        });
    }

    /** Lifts a rule of a repository. */
    public void remove(Grant grant, RepositoryName repository, long id) {
        AuditSubject subject = AuditSubject.of(AuditAction.IMMUTABILITY_DELETE, repository);
        management.change(grant, subject, (tx, powers, audit) -> {
            RepositoryKey key = key(tx, powers, repository, Action.ADMINISTER);
            tell(audit, tx, key.organization(), id);
            return demandRemoved(id, rules.remove(tx, key, id));
        });
    }

    private ImmutabilityRule insert(
            Transaction transaction,
            OrganizationId organization,
            Optional<RepositoryKey> repository,
            TagPattern pattern) {
        if (rules.count(transaction, organization, repository) >= MOST) {
            throw new Conflict("there are as many rules as there may be", Map.of("limit", MOST));
        }
        return rules.insert(transaction, organization, repository, pattern)
                .flatMap(id -> rules.find(transaction, organization, id))
                .map(ImmutabilityRule::of)
                .orElseThrow(() -> new Conflict("there is a rule " + pattern));
    }

    /** A repository that the caller sees, and to which a role lets him do this: that it is public is not enough. */
    private RepositoryKey key(Transaction transaction, Powers powers, RepositoryName name, Action action) {
        RepositoryKey key = management
                .seen(transaction, powers, name, RepositoryListStore.Lock.NONE)
                .key();
        Management.demand(powers.over(name, Optional.empty(), action));
        return key;
    }

    private void tell(Audit audit, Transaction transaction, OrganizationId organization, long id) {
        rules.find(transaction, organization, id).ifPresent(row -> {
            audit.with("pattern", row.pattern().value());
            row.repository().ifPresent(repository -> audit.target(repository.value()));
        });
    }

    private static boolean demandRemoved(long id, boolean removed) {
        if (!removed) {
            throw new NotFound("rule", Long.toString(id));
        }
        return true;
    }

    private static Listing<ImmutabilityRule> page(List<Row> rows, Listing.Asked asked) {
        return Listing.of(rows, asked, ImmutabilityRule::of, row -> Long.toString(row.id()));
    }
}
