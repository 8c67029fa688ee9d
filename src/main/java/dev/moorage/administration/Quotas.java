package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Standing;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.QuotaStore;
import dev.moorage.metadata.QuotaStore.Limited;
import dev.moorage.metadata.RepositoryScope;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UsageReportStore;
import dev.moorage.metadata.UsageReportStore.Kept;
import dev.moorage.name.Amount;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Quota;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.Page;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Says what organizations and repositories use, and sets how much an organization may. */
@ApplicationScoped
public class Quotas {

    private final Transactions transactions;
    private final QuotaStore quotas;
    private final UsageReportStore usage;
    private final RepositoryStore repositories;

    Quotas(Transactions transactions, QuotaStore quotas, UsageReportStore usage, RepositoryStore repositories) {
        this.transactions = transactions;
        this.quotas = quotas;
        this.usage = usage;
        this.repositories = repositories;
    }

    /**
     * What an organization uses, and what it may.
     *
     * @param blobs distinct blobs, however many of its repositories link them
     * @param manifests manifests, each repository's for itself
     * @param repositories live repositories
     * @param quota what it may keep: {@code bytes} limits those of blobs and manifests together
     */
    public record OrganizationUsage(Amount blobs, Amount manifests, long repositories, Quota quota) {

        /** The bytes that count against the quota. */
        public long bytes() {
            return blobs.bytes() + manifests.bytes();
        }
    }

    /**
     * What a repository uses.
     *
     * @param repository its name
     * @param links the blobs that it shows, or holds for undo
     * @param manifests its manifests, live or held for undo
     */
    public record RepositoryUsage(RepositoryName repository, Amount links, Amount manifests) {}

    /**
     * What a repository uses, and how much of it others of the organization use too.
     *
     * @param usage what it uses
     * @param shared which of its links are to blobs that the organization would pay for without it
     */
    public record SharedUsage(RepositoryUsage usage, Amount shared) {}

    /** What an organization uses, for whoever may pull all of it. */
    public OrganizationUsage organization(Standing standing, OrganizationName name) {
        Authority.demand(standing, name, Action.PULL);
        return transactions.read(tx -> {
            Limited organization = find(tx, name);
            Kept kept = usage.organization(tx, organization.id());
            return new OrganizationUsage(
                    kept.blobs(), kept.manifests(), quotas.repositories(tx, organization.id()), organization.quota());
        });
    }

    /**
     * What the repositories of an organization use, in the order of their names, for whoever may pull all of it.
     *
     * @param after the name, or any text, behind which the page begins; empty for the first page
     * @param size how many at most
     */
    public Page<RepositoryUsage> repositories(Standing standing, OrganizationName name, String after, int size) {
        Authority.demand(standing, name, Action.PULL);
        return transactions.read(tx -> {
            find(tx, name);
            List<RepositoryUsage> found = usage.repositories(tx, name, after, size + 1).stream()
                    .map(row -> usage(row.repository(), row.kept()))
                    .toList();
            return Page.of(found, size);
        });
    }

    /** What a repository uses, for whoever may pull all of its organization: it tells of other repositories. */
    public SharedUsage repository(Standing standing, RepositoryName name) {
        Authority.demand(standing, name.organization(), Action.PULL);
        return transactions.read(tx -> {
            RepositoryKey key = repositories
                    .find(tx, RepositoryScope.unguarded(name))
                    .orElseThrow(() -> new NameUnknown(name.value()))
                    .key();
            return new SharedUsage(usage(name, usage.repository(tx, key)), usage.shared(tx, key));
        });
    }

    /**
     * Sets how much an organization may keep; for administrators of the registry.
     *
     * <p>What is kept already stays, also where it is more.
     */
    public void set(Standing standing, OrganizationName name, Quota quota) {
        Authority.demandAdministrator(standing, name);
        transactions.run(Durability.POWER_CUT, tx -> {
            if (!quotas.set(tx, name, quota)) {
                throw new NameUnknown(name.value());
            }
        });
    }

    private Limited find(Transaction transaction, OrganizationName name) {
        return quotas.find(transaction, name).orElseThrow(() -> new NameUnknown(name.value()));
    }

    private static RepositoryUsage usage(RepositoryName name, Kept kept) {
        return new RepositoryUsage(name, kept.links(), kept.manifests());
    }
}
