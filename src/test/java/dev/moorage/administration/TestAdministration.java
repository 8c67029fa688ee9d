package dev.moorage.administration;

import dev.moorage.access.Grant;
import dev.moorage.access.Limit;
import dev.moorage.access.TestGrants;
import dev.moorage.metadata.AccountListStore;
import dev.moorage.metadata.AccountStore;
import dev.moorage.metadata.GrantListStore;
import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.ImageListStore;
import dev.moorage.metadata.ImmutabilityStore;
import dev.moorage.metadata.OrganizationStore;
import dev.moorage.metadata.OutboxStore;
import dev.moorage.metadata.PersonStore;
import dev.moorage.metadata.QuotaStore;
import dev.moorage.metadata.ReclaimedStore;
import dev.moorage.metadata.RefreshTokenStore;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.RetentionPolicyStore;
import dev.moorage.metadata.RetentionRunStore;
import dev.moorage.metadata.RobotListStore;
import dev.moorage.metadata.SessionStore;
import dev.moorage.metadata.StorageDayStore;
import dev.moorage.metadata.StorageReportStore;
import dev.moorage.metadata.TagHistoryStore;
import dev.moorage.metadata.TagListStore;
import dev.moorage.metadata.TeamStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.TrustedIssuerListStore;
import dev.moorage.metadata.UsageReportStore;
import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Role;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestSettings;
import java.util.Map;
import java.util.UUID;

/** The use cases of administration on a database, and people who may call them. */
public final class TestAdministration {

    private TestAdministration() {}

    /** The use cases of immutability. */
    public static ImmutabilityRules rules(Transactions transactions) {
        return new ImmutabilityRules(management(transactions), new ImmutabilityStore());
    }

    /** What shows tags and their history. */
    public static TagService tags(Transactions transactions) {
        return new TagService(management(transactions), new TagListStore(), new TagHistoryStore());
    }

    /** What shows images across repositories. */
    public static ImageService images(Transactions transactions) {
        return new ImageService(
                management(transactions), TestGrants.standings(), new RepositoryListStore(), new ImageListStore());
    }

    /** The use cases of quotas. */
    public static Quotas quotas(Transactions transactions) {
        return new Quotas(management(transactions), new QuotaStore(), new UsageReportStore());
    }

    /** What shows how bytes are kept. */
    public static Storage storage(Transactions transactions) {
        return new Storage(
                management(transactions),
                transactions,
                new StorageReportStore(),
                new ReclaimedStore(),
                new UsageReportStore(),
                new StorageDayStore());
    }

    /** The use cases of retention policies. */
    public static RetentionPolicies retention(Transactions transactions) {
        return new RetentionPolicies(management(transactions), new RetentionPolicyStore(), new RetentionRunStore());
    }

    /** The use cases of accounts, as open to everybody as the grants are. */
    static AccountService accounts(Transactions transactions) {
        return new AccountService(
                management(transactions),
                new AccountStore(),
                new AccountListStore(),
                new PersonStore(),
                new RefreshTokenStore(),
                new SessionStore(),
                TestGrants.passwords());
    }

    static TeamService teams(Transactions transactions) {
        return new TeamService(management(transactions), new TeamStore(), new GrantStore(), new GrantListStore());
    }

    static GrantService grants(Transactions transactions) {
        Holders holders = new Holders(
                new AccountListStore(), new TeamStore(), new RobotListStore(), new TrustedIssuerListStore());
        return new GrantService(management(transactions), holders, new GrantStore(), new GrantListStore());
    }

    /** The use cases of organizations. */
    public static OrganizationService organizations(Transactions transactions) {
        return new OrganizationService(
                management(transactions), new OrganizationStore(), new GrantStore(), TestSettings.with(Map.of()));
    }

    static RepositoryService repositories(Transactions transactions) {
        return new RepositoryService(
                management(transactions),
                TestGrants.standings(),
                new RepositoryListStore(),
                new QuotaStore(),
                new OutboxStore(),
                RegistryHarness.sayingWho());
    }

    /** How many bytes count against the quota of an organization. */
    public static long used(RegistryHarness registry, OrganizationName organization) {
        return quotas(registry.transactions())
                .organization(everybody(), organization)
                .bytes();
    }

    /** Everybody in open mode, who may do everything. */
    public static Grant everybody() {
        return TestGrants.catalog();
    }

    /** The same by a name of its own. */
    public static Grant everybody(String account) {
        return TestGrants.catalog(account);
    }

    /** A new account that is an administrator of the registry, by a credential with a limit. */
    public static Grant administrator(Sql sql, Limit limit) {
        return TestGrants.administrator(account(sql, true), limit);
    }

    /** A new account with one role on a part of an organization. */
    public static Grant with(Sql sql, Role role, OrganizationName organization, String path) {
        AccountId account = account(sql, false);
        sql.change("""
                INSERT INTO permission_grant (organization_id, repository_prefix, role, account_id)
                SELECT id, ?, ?, ? FROM organization WHERE name = ?
                """, path, role.text(), account.value(), organization.value());
        return TestGrants.administration(account, Limit.NONE);
    }

    private static AccountId account(Sql sql, boolean administrator) {
        return new AccountId(sql.number(
                "INSERT INTO account (name, administrator) VALUES (?, ?) RETURNING id",
                UUID.randomUUID().toString(),
                administrator));
    }

    /** What every use case of administration begins with. */
    public static Management management(Transactions transactions) {
        return new Management(
                transactions,
                TestGrants.authority(),
                new OrganizationStore(),
                new GrantListStore(),
                new AccountListStore(),
                new RepositoryListStore(),
                TestGrants.auditor());
    }
}
