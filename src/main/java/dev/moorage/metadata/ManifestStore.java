package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.Reference;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Manifests as pulls read them: one statement each, by tag or by digest. */
@Singleton
public class ManifestStore {

    private static final String HEAD_COLUMNS = """
            SELECT m.organization_id, m.repository_id, m.digest, m.media_type, m.size, ''::bytea AS payload,
                m.leased_at < now() - interval '1 hour' AS lease_stale
            """;

    private static final String GET_COLUMNS = """
            SELECT m.organization_id, m.repository_id, m.digest, m.media_type, m.size, m.payload,
                false AS lease_stale
            """;

    // The limit keeps the planner from walking through all manifests of the repository, of which it expects hardly a
    // row:
    // it takes organization and repository for independent of each other.
    private static final String BY_TAG = """
            FROM repository r
            JOIN tag t ON t.organization_id = r.organization_id AND t.repository_id = r.id AND t.name = ?
            CROSS JOIN LATERAL (
                SELECT *
                FROM manifest
                WHERE organization_id = t.organization_id AND repository_id = t.repository_id
                    AND digest = t.manifest_digest
                LIMIT 1) m
            WHERE r.name = ? AND r.deleted_at IS NULL AND m.deleted_at IS NULL
            """;

    private static final String BY_DIGEST = """
            FROM repository r
            JOIN manifest m ON m.organization_id = r.organization_id AND m.repository_id = r.id AND m.digest = ?
            WHERE r.name = ? AND r.deleted_at IS NULL AND m.deleted_at IS NULL
            """;

    private static final String HEAD_BY_TAG = HEAD_COLUMNS + BY_TAG;
    private static final String HEAD_BY_DIGEST = HEAD_COLUMNS + BY_DIGEST;
    private static final String GET_BY_TAG = GET_COLUMNS + BY_TAG;
    private static final String GET_BY_DIGEST = GET_COLUMNS + BY_DIGEST;

    private static final String RENEW_LEASE = """
            UPDATE manifest
            SET leased_at = now()
            WHERE organization_id = ? AND repository_id = ? AND digest = ? AND deleted_at IS NULL
            """;

    /** What is known of a manifest without its bytes. */
    public Optional<ManifestRow> head(Transaction transaction, RepositoryScope repository, Reference reference) {
        return transaction.first(toHead(repository, reference));
    }

    /** A manifest with its bytes. */
    public Optional<ManifestRow> get(Transaction transaction, RepositoryScope repository, Reference reference) {
        return transaction.first(toGet(repository, reference));
    }

    static Question<ManifestRow> toHead(RepositoryScope repository, Reference reference) {
        return question(HEAD_BY_TAG, HEAD_BY_DIGEST, repository, reference);
    }

    static Question<ManifestRow> toGet(RepositoryScope repository, Reference reference) {
        return question(GET_BY_TAG, GET_BY_DIGEST, repository, reference);
    }

    private static Question<ManifestRow> question(
            String byTag, String byDigest, RepositoryScope repository, Reference reference) {
        String sql =
                switch (reference) {
                    case Tag _ -> byTag;
                    case Digest _ -> byDigest;
                };
        return new Question<>(
                repository.guard().guarded(sql),
                ManifestStore::row,
                repository
                        .guard()
                        .parameters(reference.toString(), repository.name().value()));
    }

    /** Renews the lease of a live manifest; false where it is hidden or gone meanwhile. */
    public boolean renewLease(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction.change(
                        RENEW_LEASE,
                        repository.organization().value(),
                        repository.repository().value(),
                        digest.toString())
                == 1;
    }

    static RepositoryKey key(ResultSet row) throws SQLException {
        return new RepositoryKey(
                new OrganizationId(row.getLong("organization_id")), new RepositoryId(row.getLong("repository_id")));
    }

    private static ManifestRow row(ResultSet row) throws SQLException {
        return new ManifestRow(
                key(row),
                Digest.parse(row.getString("digest")).orElseThrow(),
                row.getString("media_type"),
                row.getInt("size"),
                row.getBytes("payload"),
                row.getBoolean("lease_stale"));
    }
}
