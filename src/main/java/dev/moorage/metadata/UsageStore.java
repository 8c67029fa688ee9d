package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import jakarta.enterprise.context.ApplicationScoped;

/** The ledger of what is kept: signed deltas, summed up in the background. */
@ApplicationScoped
public class UsageStore {

    private static final String LINK_ADDED = """
            INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes)
            VALUES (?, ?, 'link', 1, ?)
            """;

    private static final String MANIFEST_ADDED = """
            INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes)
            VALUES (?, ?, 'manifest', 1, ?)
            """;

    // The organization pays for a blob once, however many of its repositories link it.
    private static final String BLOB_ADDED = """
            WITH linked AS (
                INSERT INTO organization_blob (organization_id, digest, links)
                VALUES (?, ?, 1)
                ON CONFLICT (organization_id, digest) DO UPDATE SET links = organization_blob.links + 1
                RETURNING organization_id, links)
            INSERT INTO usage_entry (organization_id, kind, items, bytes)
            SELECT organization_id, 'blob', 1, ?
            FROM linked
            WHERE links = 1
            """;

    /** Counts a new link, and its blob where it is the organization's first link to it. */
    public void linkAdded(Transaction transaction, RepositoryKey repository, Digest digest, long size) {
        long organization = repository.organization().value();
        transaction.change(LINK_ADDED, organization, repository.repository().value(), size);
        transaction.change(BLOB_ADDED, organization, digest.toString(), size);
    }

    /** Counts a new manifest. */
    public void manifestAdded(Transaction transaction, RepositoryKey repository, long size) {
        transaction.change(
                MANIFEST_ADDED,
                repository.organization().value(),
                repository.repository().value(),
                size);
    }
}
