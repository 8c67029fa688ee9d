package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Quota;
import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * What organizations may keep, and the locks that make those take turns who come close to it.
 *
 * <p>A lock of repositories is taken before the repository's row, one of bytes behind it and before links and manifests.
 */
@Singleton
public class QuotaStore {

    private static final String LOCK_BYTES = "SELECT pg_advisory_xact_lock(5013, (?::bigint % 2147483647)::integer)";
    private static final String LOCK_REPOSITORIES =
            "SELECT pg_advisory_xact_lock(5014, (?::bigint % 2147483647)::integer)";

    private static final String REPOSITORIES = """
            SELECT count(*)
            FROM repository
            WHERE organization_id = ? AND deleted_at IS NULL
            """;

    private static final String HAS_BLOB = """
            SELECT true
            FROM organization_blob
            WHERE organization_id = ? AND digest = ? AND links > 0
            """;

    private static final String HAS_MANIFEST = """
            SELECT true
            FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            """;

    private static final String QUOTA = """
            SELECT id, quota_bytes, quota_repositories
            FROM organization
            WHERE name = ? AND deleted_at IS NULL
            """;

    private static final String SET_QUOTA = """
            UPDATE organization
            SET quota_bytes = ?::bigint, quota_repositories = ?::integer
            WHERE name = ? AND deleted_at IS NULL
            """;

    /**
     * An organization that lives, and what it may keep.
     *
     * @param id its identity
     * @param quota what it may keep
     */
    public record Limited(OrganizationId id, Quota quota) {}

    /** The organization of this name with its quota, if it lives. */
    public Optional<Limited> find(Transaction transaction, OrganizationName name) {
        return transaction.first(
                QUOTA,
                row -> new Limited(
                        new OrganizationId(row.getLong(1)),
                        new Quota(
                                Optional.ofNullable(row.getObject(2, Long.class)),
                                Optional.ofNullable(row.getObject(3, Integer.class)))),
                name.value());
    }

    /** Sets the quota of an organization; false where there is none of this name. */
    public boolean set(Transaction transaction, OrganizationName name, Quota quota) {
        return transaction.change(SET_QUOTA, quota.bytes(), quota.repositories(), name.value()) == 1;
    }

    /** Makes whoever adds bytes close to the limit wait until the transaction ends. */
    public void lockBytes(Transaction transaction, OrganizationId organization) {
        transaction.first(LOCK_BYTES, _ -> true, organization.value());
    }

    /** Makes whoever makes a repository in the organization wait until the transaction ends. */
    public void lockRepositories(Transaction transaction, OrganizationId organization) {
        transaction.first(LOCK_REPOSITORIES, _ -> true, organization.value());
    }

    /** How many live repositories the organization has. */
    public long repositories(Transaction transaction, OrganizationId organization) {
        return transaction
                .first(REPOSITORIES, row -> row.getLong(1), organization.value())
                .orElseThrow();
    }

    /** Whether the organization pays for the blob already. */
    public boolean hasBlob(Transaction transaction, OrganizationId organization, Digest digest) {
        return transaction
                .first(HAS_BLOB, _ -> true, organization.value(), digest.toString())
                .isPresent();
    }

    /** Whether the repository has the manifest already, live or hidden. */
    public boolean hasManifest(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction
                .first(
                        HAS_MANIFEST,
                        _ -> true,
                        repository.organization().value(),
                        repository.repository().value(),
                        digest.toString())
                .isPresent();
    }
}
