package dev.moorage.administration;

import dev.moorage.access.Holding;
import dev.moorage.access.Limit;
import dev.moorage.access.Principal;
import dev.moorage.access.Standing;
import dev.moorage.metadata.ImmutabilityStore;
import dev.moorage.metadata.QuotaStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.UsageReportStore;
import dev.moorage.name.AccountId;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Role;
import dev.moorage.registry.RegistryHarness;
import java.util.List;

/** The use cases of administration on a replica, and people who may call them. */
public final class TestAdministration {

    private TestAdministration() {}

    /** The use cases of immutability. */
    public static ImmutabilityRules rules(RegistryHarness registry) {
        return new ImmutabilityRules(
                registry.transactions(), new ImmutabilityStore(), new QuotaStore(), new RepositoryStore());
    }

    /** The use cases of quotas. */
    public static Quotas quotas(RegistryHarness registry) {
        return new Quotas(registry.transactions(), new QuotaStore(), new UsageReportStore(), new RepositoryStore());
    }

    /** An administrator of the registry. */
    public static Standing administrator() {
        return new Standing(new Principal.Account(new AccountId(1), "root", 0, true), Limit.NONE, List.of());
    }

    /** Somebody with one role. */
    public static Standing with(Role role, String prefix) {
        return new Standing(
                new Principal.Account(new AccountId(2), "anna", 0, false),
                Limit.NONE,
                List.of(new Holding(new RepositoryPrefix(prefix), role)));
    }
}
