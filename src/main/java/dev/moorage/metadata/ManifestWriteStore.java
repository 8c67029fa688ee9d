package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Manifests as pushes and deletions change them, and what they reference. */
@Singleton
public class ManifestWriteStore {

    // With what it references, and its entry in the ledger.
    private static final String NEW_MANIFEST = """
            WITH made AS (
                INSERT INTO manifest (organization_id, repository_id, digest, media_type, artifact_type, subject_digest,
                    payload, size, annotations, total_size, image_id, image_created, operating_system, architecture, variant,
                    labels, label_extracts)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?, ?, ?::timestamptz, ?, ?, ?, ?::json, ?)
                ON CONFLICT (organization_id, repository_id, digest) DO NOTHING
                RETURNING organization_id, repository_id, digest, size),
            blobs AS (
                INSERT INTO manifest_blob (organization_id, repository_id, manifest_digest, blob_digest)
                SELECT organization_id, repository_id, digest, unnest(?::text[])
                FROM made),
            children AS (
                INSERT INTO manifest_child (organization_id, repository_id, manifest_digest, child_digest)
                SELECT organization_id, repository_id, digest, unnest(?::text[])
                FROM made),
            counted AS (
                INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes)
                SELECT organization_id, repository_id, 'manifest', 1, size
                FROM made)
            SELECT true
            FROM made
            """;

    private static final String MANIFEST_TO_UPDATE = """
            SELECT deleted_at IS NOT NULL
            FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            FOR NO KEY UPDATE
            """;

    private static final String REVIVE = """
            UPDATE manifest
            SET leased_at = now(), pushed_at = CASE WHEN deleted_at IS NULL THEN pushed_at ELSE now() END, deleted_at = NULL
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            """;

    private static final String VISIBLE_AMONG = """
            SELECT digest, size
            FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND digest = ANY ((SELECT ?::text[])::text[])
                AND deleted_at IS NULL
            ORDER BY digest
            FOR SHARE
            """;

    private static final String MANIFEST_TO_HIDE = """
            SELECT true
            FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND digest = ? AND deleted_at IS NULL
            FOR UPDATE
            """;

    // The limit inside keeps the planner from walking through all manifests of the repository.
    private static final String LIVE_PARENTS = """
            SELECT c.manifest_digest
            FROM manifest_child c
            CROSS JOIN LATERAL (
                SELECT deleted_at
                FROM manifest
                WHERE organization_id = c.organization_id AND repository_id = c.repository_id
                    AND digest = c.manifest_digest
                LIMIT 1) m
            WHERE c.organization_id = ? AND c.repository_id = ? AND c.child_digest = ? AND m.deleted_at IS NULL
            ORDER BY c.manifest_digest
            LIMIT ?
            """;

    private static final String HIDE = """
            UPDATE manifest
            SET deleted_at = now()
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            """;

    /** What became of a manifest. */
    public enum Outcome {
        /** It was not there before. */
        NEW,
        /** It was there and live. */
        KEPT,
        /** It was there and hidden. */
        REVIVED,
        /** It was there and went away while its row was waited for: the caller begins again. */
        GONE
    }

    /** Keeps the manifest with its references, which the caller has shared, and counts it, or makes a hidden one live again. */
    public Outcome put(Transaction transaction, RepositoryKey repository, NewManifest manifest) {
        long organization = repository.organization().value();
        long id = repository.repository().value();
        String digest = manifest.digest().toString();
        if (insert(transaction, organization, id, manifest)) {
            return Outcome.NEW;
        }
        var hidden = transaction.first(MANIFEST_TO_UPDATE, row -> row.getBoolean(1), organization, id, digest);
        if (hidden.isEmpty()) {
            return Outcome.GONE;
        }
        transaction.change(REVIVE, organization, id, digest);
        return hidden.get() ? Outcome.REVIVED : Outcome.KEPT;
    }

    private static boolean insert(Transaction transaction, long organization, long id, NewManifest manifest) {
        return transaction
                .first(
                        NEW_MANIFEST,
                        _ -> true,
                        organization,
                        id,
                        manifest.digest().toString(),
                        manifest.mediaType(),
                        manifest.artifactType(),
                        manifest.subject().map(Digest::toString),
                        manifest.payload(),
                        manifest.payload().length,
                        manifest.annotations(),
                        manifest.totalSize(),
                        manifest.image().id(),
                        manifest.image().created().map(created -> created.atOffset(ZoneOffset.UTC)),
                        manifest.image().operatingSystem(),
                        manifest.image().architecture(),
                        manifest.image().variant(),
                        manifest.image().labels(),
                        new TextArray(manifest.image().labelExtracts()),
                        LinkStore.texts(manifest.blobs()),
                        LinkStore.texts(manifest.children()))
                .isPresent();
    }

    /** Which of these manifests live in the repository, with their sizes; they are kept until the transaction ends. */
    public Map<Digest, Long> shareVisible(
            Transaction transaction, RepositoryKey repository, Collection<Digest> digests) {
        Map<Digest, Long> sizes = new HashMap<>();
        transaction
                .all(
                        VISIBLE_AMONG,
                        row -> Map.entry(Digest.parse(row.getString(1)).orElseThrow(), row.getLong(2)),
                        repository.organization().value(),
                        repository.repository().value(),
                        LinkStore.texts(digests))
                .forEach(entry -> sizes.put(entry.getKey(), entry.getValue()));
        return sizes;
    }

    /** Locks a live manifest against every reference that may be added; false where there is none. */
    public boolean lockToHide(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction
                .first(
                        MANIFEST_TO_HIDE,
                        row -> true,
                        repository.organization().value(),
                        repository.repository().value(),
                        digest.toString())
                .isPresent();
    }

    /** Live indexes of the repository that reference the manifest, the first few by digest. */
    public List<String> liveParents(Transaction transaction, RepositoryKey repository, Digest digest, int limit) {
        return transaction.all(
                LIVE_PARENTS,
                row -> row.getString(1),
                repository.organization().value(),
                repository.repository().value(),
                digest.toString(),
                limit);
    }

    /** Hides a manifest that {@link #lockToHide} locked. */
    public void hide(Transaction transaction, RepositoryKey repository, Digest digest) {
        transaction.change(
                HIDE, repository.organization().value(), repository.repository().value(), digest.toString());
    }
}
