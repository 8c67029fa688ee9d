package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.administration.RetentionTarget.OfOrganization;
import dev.moorage.administration.RetentionTarget.OfRepository;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.RetentionPolicyStore;
import dev.moorage.metadata.RetentionPolicyStore.Row;
import dev.moorage.metadata.RetentionPolicyStore.Scope;
import dev.moorage.metadata.RetentionRunStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RetentionPolicy;
import dev.moorage.name.RetentionRule;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Sets the retention policies of organizations and repositories.
 *
 * <p>Owners set them; a role that pulls is enough to read them. A repository's own policy stands in the place of its
 * organization's.
 */
@ApplicationScoped
public class RetentionPolicies {

    private final Management management;
    private final RetentionPolicyStore policies;
    private final RetentionRunStore runs;

    RetentionPolicies(Management management, RetentionPolicyStore policies, RetentionRunStore runs) {
        this.management = management;
        this.policies = policies;
        this.runs = runs;
    }

    /** The policy that is in force; 404 where there is none. */
    public Retention get(Grant grant, RetentionTarget target) {
        return find(grant, target).orElseThrow(RetentionPolicies::absent);
    }

    /** The policy that is in force; empty where there is none. */
    public Optional<Retention> find(Grant grant, RetentionTarget target) {
        return management.read(grant, (tx, powers) -> {
            Scope scope = scope(tx, powers, target, Action.PULL);
            return policies.inForce(tx, scope.organization(), scope.repository())
                    .map(row -> shown(target, row));
        });
    }

    /** Sets the policy of exactly this organization or repository, and ends the runs that went by other rules. */
    public Retention put(Grant grant, RetentionTarget target, RetentionPolicy policy) {
        demandFits(target, policy.rules());
        AuditSubject subject = target.subject(AuditAction.RETENTION_SET);
        Changed<Retention> changed = management.change(grant, subject, (tx, powers, audit) -> {
            Scope scope = owned(tx, powers, target);
            Optional<List<String>> before = policies.inForce(tx, scope.organization(), scope.repository())
                    .map(row -> texts(row.policy()));
            audit.changed("rules", before.orElse(List.of()), texts(policy));
            policy.schedule().ifPresent(schedule -> audit.with("schedule", schedule.toString()));
            policies.put(tx, scope.organization(), scope.repository(), policy);
            return new Changed<>(scope.organization(), shown(target, inForce(tx, scope)));
        });
        endWithdrawn(grant, changed.in());
        return changed.to();
    }

    /** Takes the policy of exactly this organization or repository away, and ends its run; 404 where it has none. */
    public void remove(Grant grant, RetentionTarget target) {
        AuditSubject subject = target.subject(AuditAction.RETENTION_WITHDRAW);
        Changed<Boolean> changed = management.change(grant, subject, (tx, powers, _) -> {
            Scope scope = owned(tx, powers, target);
            if (!policies.remove(tx, scope.organization(), scope.repository())) {
                throw absent();
            }
            return new Changed<>(scope.organization(), true);
        });
        endWithdrawn(grant, changed.in());
    }

    private record Changed<T>(OrganizationId in, T to) {}

    /**
     * A transaction of its own: a run's step holds the run and waits for repositories, which a change of a policy has. Whoever
     * begins a run meanwhile had read the old rules, and is ended here, or waits for this and reads the new ones.
     */
    private void endWithdrawn(Grant grant, OrganizationId organization) {
        management.changeFurther(grant, (tx, _) -> {
            runs.lock(tx, organization);
            runs.endWithdrawn(tx, organization);
            return true;
        });
    }

    /** What a caller names, where he may do something to all of it. */
    public Scope scope(Grant grant, RetentionTarget target, Action action) {
        return management.read(grant, (tx, powers) -> scope(tx, powers, target, action));
    }

    /** The rules by which it is decided: those that are given, or else those of the policy that is in force. */
    public List<RetentionRule> rules(
            Transaction transaction, RetentionTarget target, Scope scope, Optional<List<RetentionRule>> given) {
        given.ifPresent(rules -> demandFits(target, rules));
        return given.orElseGet(() -> inForce(transaction, scope).policy().rules());
    }

    /** Below a repository nothing is said of the names of others. */
    private static Retention shown(RetentionTarget target, Row row) {
        return switch (target) {
            case OfOrganization _ -> Retention.of(row);
            case OfRepository(var name) -> {
                RetentionPolicy policy = row.policy();
                List<RetentionRule> rules = RetentionRule.of(policy.rules(), name);
                yield Retention.of(new Row(row.scope(), new RetentionPolicy(rules, policy.schedule()), row.nextAt()));
            }
        };
    }

    private Row inForce(Transaction transaction, Scope scope) {
        return policies.inForce(transaction, scope.organization(), scope.repository())
                .orElseThrow(RetentionPolicies::absent);
    }

    private static List<String> texts(RetentionPolicy policy) {
        return policy.rules().stream().map(RetentionRule::text).toList();
    }

    private static NotFound absent() {
        return new NotFound("retention", "policy");
    }

    private static void demandFits(RetentionTarget target, List<RetentionRule> rules) {
        if (target instanceof OfRepository
                && rules.stream().anyMatch(rule -> !rule.repositories().isEmpty())) {
            throw new Invalid("rules", "a repository's policy speaks of that repository only");
        }
    }

    /** The same in a transaction. */
    public Scope scope(Transaction transaction, Powers powers, RetentionTarget target, Action action) {
        return switch (target) {
            case OfOrganization(var name) -> {
                OrganizationId id =
                        management.seen(transaction, powers, name, Lock.NONE).id();
                Management.demand(powers.over(name, action));
                yield new Scope(id, Optional.empty());
            }
            case OfRepository(var name) ->
                scope(
                        management
                                .seen(transaction, powers, name, RepositoryListStore.Lock.NONE)
                                .key(),
                        powers,
                        name,
                        action);
        };
    }

    private Scope owned(Transaction transaction, Powers powers, RetentionTarget target) {
        return switch (target) {
            case OfOrganization(var name) ->
                new Scope(management.ownedForChange(transaction, powers, name), Optional.empty());
            case OfRepository(var name) -> {
                Scope before = scope(transaction, powers, target, Action.ADMINISTER);
                // Locked when it is known that he may: others cannot hold up its pushes.
                management.seen(transaction, powers, name, RepositoryListStore.Lock.CHANGE);
                Management.demand(
                        management.again(transaction, powers).over(name, Optional.empty(), Action.ADMINISTER));
                yield before;
            }
        };
    }

    // That it is public is not enough: a role has to let him.
    private static Scope scope(RepositoryKey key, Powers powers, RepositoryName name, Action action) {
        Management.demand(powers.over(name, Optional.empty(), action));
        return new Scope(key.organization(), Optional.of(key.repository()));
    }
}
