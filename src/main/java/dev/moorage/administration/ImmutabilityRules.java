package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Standing;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.ImmutabilityStore;
import dev.moorage.metadata.QuotaStore;
import dev.moorage.metadata.RepositoryScope;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.Page;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes and lifts the rules that keep tags on their manifests. */
@ApplicationScoped
public class ImmutabilityRules {

    /** How many rules one repository, or an organization as a whole, has at most: whatever moves a tag asks them all. */
    public static final int MOST = 100;

    private final Transactions transactions;
    private final ImmutabilityStore rules;
    private final QuotaStore organizations;
    private final RepositoryStore repositories;

    ImmutabilityRules(
            Transactions transactions,
            ImmutabilityStore rules,
            QuotaStore organizations,
            RepositoryStore repositories) {
        this.transactions = transactions;
        this.rules = rules;
        this.organizations = organizations;
        this.repositories = repositories;
    }

    /**
     * A rule.
     *
     * @param id its identity
     * @param repository the repository that it is about; empty for all of the organization
     * @param pattern which tags it keeps
     * @param createdAt when it was made
     */
    public record Rule(long id, Optional<RepositoryName> repository, TagPattern pattern, Instant createdAt) {}

    /** What became of a new rule. */
    public sealed interface Addition {
        /** It is there now. */
        record Added(Rule rule) implements Addition {}

        /** There is one of the same words already. */
        record Present() implements Addition {}
    }

    /**
     * Rules of an organization, in the order in which they were made, for whoever may pull all of it.
     *
     * @param after the identity behind which the page begins; 0 for the first page
     * @param size how many at most
     */
    public Page<Rule> list(Standing standing, OrganizationName organization, long after, int size) {
        Authority.demand(standing, organization, Action.PULL);
        return transactions.read(tx -> {
            List<Rule> found = rules.after(tx, find(tx, organization), after, size + 1).stream()
                    .map(ImmutabilityRules::rule)
                    .toList();
            return Page.of(found, size);
        });
    }

    /** Rules that keep tags of a repository, its organization's too, for whoever has a role on it; all of them. */
    public List<Rule> list(Standing standing, RepositoryName repository) {
        Authority.demand(standing, repository, Action.PULL);
        return transactions.read(tx -> rules.about(tx, find(tx, repository)).stream()
                .map(ImmutabilityRules::rule)
                .toList());
    }

    /**
     * Keeps tags of all repositories of an organization, for its owners.
     *
     * <p>When it returns, no push or deletion that has not seen the rule is under way in the repositories that were there.
     */
    public Addition add(Standing standing, OrganizationName organization, TagPattern pattern) {
        Authority.demand(standing, organization, Action.ADMINISTER);
        return transactions.call(Durability.POWER_CUT, tx -> {
            OrganizationId id = find(tx, organization);
            rules.lock(tx, id);
            return insert(tx, id, Optional.empty(), pattern);
        });
    }

    /**
     * Keeps tags of a repository, for its owners.
     *
     * <p>When it returns, no push or deletion that has not seen the rule is under way in the repository.
     */
    public Addition add(Standing standing, RepositoryName repository, TagPattern pattern) {
        Authority.demand(standing, repository, Action.ADMINISTER);
        return transactions.call(Durability.POWER_CUT, tx -> {
            RepositoryKey key = find(tx, repository);
            if (!rules.lock(tx, key)) {
                throw new NameUnknown(repository.value());
            }
            return insert(tx, key.organization(), Optional.of(key), pattern);
        });
    }

    /** Lifts any rule of an organization, for its owners; false where there is none of this identity. */
    public boolean remove(Standing standing, OrganizationName organization, long id) {
        Authority.demand(standing, organization, Action.ADMINISTER);
        return transactions.call(Durability.POWER_CUT, tx -> rules.remove(tx, find(tx, organization), id));
    }

    /** Lifts a rule of a repository, for its owners; false where there is none of this identity. */
    public boolean remove(Standing standing, RepositoryName repository, long id) {
        Authority.demand(standing, repository, Action.ADMINISTER);
        return transactions.call(Durability.POWER_CUT, tx -> rules.remove(tx, find(tx, repository), id));
    }

    private Addition insert(
            Transaction transaction,
            OrganizationId organization,
            Optional<RepositoryKey> repository,
            TagPattern pattern) {
        if (rules.count(transaction, organization, repository) >= MOST) {
            throw new Denied("there are as many rules as there may be", Map.of("limit", MOST));
        }
        return rules.insert(transaction, organization, repository, pattern)
                .flatMap(id -> rules.find(transaction, organization, id))
                .<Addition>map(row -> new Addition.Added(rule(row)))
                .orElseGet(Addition.Present::new);
    }

    private OrganizationId find(Transaction transaction, OrganizationName name) {
        return organizations
                .find(transaction, name)
                .map(QuotaStore.Limited::id)
                .orElseThrow(() -> new NameUnknown(name.value()));
    }

    private RepositoryKey find(Transaction transaction, RepositoryName name) {
        return repositories
                .find(transaction, RepositoryScope.unguarded(name))
                .map(RepositoryStore.Live::key)
                .orElseThrow(() -> new NameUnknown(name.value()));
    }

    private static Rule rule(ImmutabilityStore.Row row) {
        return new Rule(row.id(), row.repository(), row.pattern(), row.createdAt());
    }
}
