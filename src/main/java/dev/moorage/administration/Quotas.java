package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.metadata.QuotaStore;
import dev.moorage.metadata.QuotaStore.Limited;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.UsageReportStore;
import dev.moorage.metadata.UsageReportStore.Kept;
import dev.moorage.metadata.UsageReportStore.KeptIn;
import dev.moorage.name.Amount;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Quota;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Says what organizations and repositories use, and sets how much an organization may. */
@ApplicationScoped
public class Quotas {

    private final Management management;
    private final QuotaStore quotas;
    private final UsageReportStore usage;

    Quotas(Management management, QuotaStore quotas, UsageReportStore usage) {
        this.management = management;
        this.quotas = quotas;
        this.usage = usage;
    }

    /**
     * What an organization uses, and what it may.
     *
     * @param quota what it may keep: {@code bytes} limits those of blobs and manifests together
     * @param bytes those that count against the quota
     * @param blobs distinct blobs, however many of its repositories link them
     * @param manifests manifests, each repository's for itself
     * @param repositories live repositories
     */
    public record OrganizationUsage(Quota quota, long bytes, Amount blobs, Amount manifests, long repositories) {}

    /**
     * What a repository uses.
     *
     * @param repository its name
     * @param blobs those that it shows, or holds for undo
     * @param manifests its manifests, live or held for undo
     */
    public record RepositoryUsage(String repository, Amount blobs, Amount manifests) {}

    /**
     * What a repository uses, and how much of it others of the organization use too.
     *
     * @param shared which of its blobs the organization would pay for without it
     */
    public record SharedUsage(String repository, Amount blobs, Amount manifests, Amount shared) {}

    /** What an organization uses, for whoever may pull all of it. */
    public OrganizationUsage organization(Grant grant, OrganizationName name) {
        return management.read(grant, (tx, powers) -> {
            demandPull(tx, powers, name);
            return use(tx, name);
        });
    }

    /** What the repositories of an organization use, in the order of their names, for whoever may pull all of it. */
    public Listing<RepositoryUsage> repositories(Grant grant, OrganizationName name, Listing.Asked asked) {
        List<KeptIn> rows = management.read(grant, (tx, powers) -> {
            demandPull(tx, powers, name);
            return usage.repositories(tx, name, asked.after(), asked.rows());
        });
        return Listing.of(
                rows,
                asked,
                row -> new RepositoryUsage(
                        row.repository().value(), row.kept().links(), row.kept().manifests()),
                row -> row.repository().value());
    }

    /** What a repository uses, for whoever may pull all of its organization: it tells of other repositories. */
    public SharedUsage repository(Grant grant, RepositoryName name) {
        return management.read(grant, (tx, powers) -> {
            RepositoryKey key = management
                    .seen(tx, powers, name, RepositoryListStore.Lock.NONE)
                    .key();
            Management.demand(powers.over(name.organization(), Action.PULL));
            Kept kept = usage.repository(tx, key);
            return new SharedUsage(name.value(), kept.links(), kept.manifests(), usage.shared(tx, key));
        });
    }

    /**
     * Sets how much an organization may keep; for administrators of the registry.
     *
     * <p>What is kept already stays, also where it is more.
     */
    public OrganizationUsage set(Grant grant, OrganizationName name, Quota quota) {
        return management.change(grant, AuditSubject.of(AuditAction.ORGANIZATION_QUOTA, name), (tx, powers, audit) -> {
            management.seen(tx, powers, name, Lock.NONE);
            // What an organization is given is not for itself to say.
            Management.demand(powers.everywhere(Action.ADMINISTER));
            quotas.find(tx, name).map(Limited::quota).ifPresent(before -> audit.changed(
                            "bytes", before.bytes(), quota.bytes())
                    .changed("repositories", before.repositories(), quota.repositories()));
            quotas.set(tx, name, quota);
            return use(tx, name);
        });
    }

    private void demandPull(Transaction transaction, Powers powers, OrganizationName name) {
        management.seen(transaction, powers, name, Lock.NONE);
        Management.demand(powers.over(name, Action.PULL));
    }

    private OrganizationUsage use(Transaction transaction, OrganizationName name) {
        Limited organization =
                quotas.find(transaction, name).orElseThrow(() -> new NotFound("organization", name.value()));
        Kept kept = usage.organization(transaction, organization.id());
        return new OrganizationUsage(
                organization.quota(),
                kept.blobs().bytes() + kept.manifests().bytes(),
                kept.blobs(),
                kept.manifests(),
                quotas.repositories(transaction, organization.id()));
    }
}
