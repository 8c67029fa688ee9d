package dev.moorage.testing;

import dev.moorage.blob.BlobStore;
import dev.moorage.name.BlobKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** What holds in the whole database, and between it and the store, whatever was done before and whoever lost a race. */
public final class DatabaseInvariants {

    private static final int PAGE = 500;

    /** Each question is answered by the rows that break the promise. */
    private static final Map<String, String> BREACHES = new LinkedHashMap<>();

    static {
        BREACHES.put("a live manifest references a hidden link", """
                SELECT r.repository_id, r.manifest_digest, r.blob_digest
                FROM manifest_blob r
                JOIN manifest m ON (m.organization_id, m.repository_id, m.digest)
                    = (r.organization_id, r.repository_id, r.manifest_digest)
                JOIN repository_blob l ON (l.organization_id, l.repository_id, l.digest)
                    = (r.organization_id, r.repository_id, r.blob_digest)
                WHERE m.deleted_at IS NULL AND l.deleted_at IS NOT NULL
                """);
        BREACHES.put("a link says another visibility than its repository, and nobody will look", """
                SELECT l.repository_id, l.digest, l.in_public
                FROM repository_blob l
                JOIN repository r ON (r.organization_id, r.id) = (l.organization_id, l.repository_id)
                WHERE l.in_public <> (r.visibility = 'public') AND r.links_stale_since IS NULL
                """);
        BREACHES.put("a live index references a hidden manifest", """
                SELECT c.repository_id, c.manifest_digest, c.child_digest
                FROM manifest_child c
                JOIN manifest m ON (m.organization_id, m.repository_id, m.digest)
                    = (c.organization_id, c.repository_id, c.manifest_digest)
                JOIN manifest child ON (child.organization_id, child.repository_id, child.digest)
                    = (c.organization_id, c.repository_id, c.child_digest)
                WHERE m.deleted_at IS NULL AND child.deleted_at IS NOT NULL
                """);
        BREACHES.put("a tag names a hidden manifest", """
                SELECT t.repository_id, t.name, t.manifest_digest
                FROM tag t
                JOIN manifest m ON (m.organization_id, m.repository_id, m.digest)
                    = (t.organization_id, t.repository_id, t.manifest_digest)
                WHERE m.deleted_at IS NOT NULL
                """);
        BREACHES.put("a manifest's bytes are not those of its digest", """
                SELECT repository_id, digest
                FROM manifest
                WHERE digest NOT IN (
                    'sha256:' || encode(sha256(payload), 'hex'), 'sha512:' || encode(sha512(payload), 'hex'))
                """);
        BREACHES.put("an event of a tag does not begin where the one before ended", """
                SELECT repository_id, tag, id, from_digest, before
                FROM (
                    SELECT *, lag(to_digest) OVER (PARTITION BY organization_id, repository_id, tag ORDER BY id) AS before
                    FROM event
                    WHERE tag IS NOT NULL) line
                WHERE from_digest IS DISTINCT FROM before
                """);
        BREACHES.put("a tag's events are not in the order of their times", """
                SELECT repository_id, tag, id
                FROM (
                    SELECT *, lag(at) OVER (PARTITION BY organization_id, repository_id, tag ORDER BY id) AS before
                    FROM event
                    WHERE tag IS NOT NULL) line
                WHERE at < before
                """);
        BREACHES.put("an event's kind is not what its digests say", """
                SELECT id, kind, from_digest, to_digest
                FROM event
                WHERE tag IS NOT NULL AND kind IS DISTINCT FROM CASE
                    WHEN from_digest IS NULL THEN 'tag_created'
                    WHEN to_digest IS NULL THEN 'tag_deleted'
                    WHEN from_digest <> to_digest THEN 'tag_moved' END
                """);
        BREACHES.put("a tag is not where its last event left it", """
                SELECT coalesce(t.repository_id, e.repository_id), coalesce(t.name, e.tag), e.to_digest, t.manifest_digest
                FROM tag t
                FULL JOIN (
                    SELECT DISTINCT ON (organization_id, repository_id, tag) *
                    FROM event
                    WHERE tag IS NOT NULL AND EXISTS (
                        SELECT FROM repository r WHERE r.id = event.repository_id AND r.collected_at IS NULL)
                    ORDER BY organization_id, repository_id, tag, id DESC) e
                    ON (e.organization_id, e.repository_id, e.tag) = (t.organization_id, t.repository_id, t.name)
                WHERE e.to_digest IS DISTINCT FROM t.manifest_digest
                """);
        BREACHES.put("the ledger of a repository's links is not the links", ledger("link", """
                SELECT l.repository_id AS owner, 1 AS items, b.size AS bytes
                FROM repository_blob l
                JOIN blob b ON b.digest = l.digest
                """));
        BREACHES.put(
                "the ledger of a repository's manifests is not the manifests",
                ledger("manifest", "SELECT repository_id AS owner, 1 AS items, size AS bytes FROM manifest"));
        BREACHES.put("the ledger of an organization's blobs is not its distinct blobs", ledger("blob", """
                SELECT DISTINCT l.organization_id AS owner, 1 AS items, b.size AS bytes, b.digest
                FROM repository_blob l
                JOIN blob b ON b.digest = l.digest
                """));
        BREACHES.put("what an organization uses is not its distinct blobs and its manifests", """
                SELECT o.id, used.bytes, kept.bytes
                FROM organization o
                CROSS JOIN LATERAL (
                    SELECT coalesce(sum(bytes), 0) AS bytes
                    FROM usage_entry e
                    WHERE e.organization_id = o.id
                        AND CASE WHEN folded THEN repository_id IS NULL ELSE kind <> 'link' END) used
                CROSS JOIN LATERAL (
                    SELECT coalesce(sum(bytes), 0) AS bytes
                    FROM (
                        SELECT b.size AS bytes
                        FROM blob b
                        WHERE EXISTS (
                            SELECT FROM repository_blob l WHERE l.organization_id = o.id AND l.digest = b.digest)
                        UNION ALL
                        SELECT m.size FROM manifest m WHERE m.organization_id = o.id) each) kept
                WHERE used.bytes <> kept.bytes
                """);
        BREACHES.put("an organization's count of links is not its links", """
                SELECT coalesce(c.organization_id, l.organization_id), coalesce(c.digest, l.digest), c.links, l.links
                FROM organization_blob c
                FULL JOIN (
                    SELECT organization_id, digest, count(*) AS links
                    FROM repository_blob
                    GROUP BY organization_id, digest) l
                    ON (l.organization_id, l.digest) = (c.organization_id, c.digest)
                WHERE coalesce(c.links, 0) <> coalesce(l.links, 0)
                """);
        BREACHES.put("an object is named by two rows", """
                SELECT storage_key, string_agg(named_by, ' ')
                FROM (
                    SELECT storage_key, 'blob' AS named_by FROM blob
                    UNION ALL SELECT storage_key, 'tombstone' FROM tombstone
                    UNION ALL SELECT storage_key, 'upload' FROM upload WHERE storage_key IS NOT NULL
                    UNION ALL SELECT storage_key, 'upload object' FROM upload_object) named
                GROUP BY storage_key
                HAVING count(*) > 1
                """);
        BREACHES.put("a small object is named by no row", """
                SELECT storage_key
                FROM small_object s
                WHERE NOT EXISTS (SELECT FROM blob b WHERE b.storage_key = s.storage_key)
                    AND NOT EXISTS (SELECT FROM tombstone t WHERE t.storage_key = s.storage_key)
                    AND NOT EXISTS (SELECT FROM upload u WHERE u.storage_key = s.storage_key)
                    AND NOT EXISTS (SELECT FROM upload_object o WHERE o.storage_key = s.storage_key)
                """);
        BREACHES.put("a small object's bytes are not those of its digest", """
                SELECT b.digest
                FROM blob b
                LEFT JOIN small_object s ON s.storage_key = b.storage_key
                WHERE b.storage_key LIKE 'rows/%' AND (s.bytes IS NULL OR octet_length(s.bytes) <> b.size OR b.digest NOT IN (
                    'sha256:' || encode(sha256(s.bytes), 'hex'), 'sha512:' || encode(sha512(s.bytes), 'hex')))
                """);
        BREACHES.put("a hold is by no event", """
                SELECT h.id
                FROM hold h
                WHERE NOT EXISTS (SELECT FROM event e WHERE e.id = h.event_id)
                """);
    }

    private DatabaseInvariants() {}

    private static String ledger(String kind, String kept) {
        String owner = "blob".equals(kind) ? "organization_id" : "repository_id";
        String owned = "blob".equals(kind) ? "" : "AND repository_id IS NOT NULL";
        return """
                SELECT coalesce(e.owner, k.owner), e.items, e.bytes, k.items, k.bytes
                FROM (
                    SELECT %s AS owner, sum(items) AS items, sum(bytes) AS bytes
                    FROM usage_entry
                    WHERE kind = '%s' %s
                    GROUP BY 1) e
                FULL JOIN (
                    SELECT owner, sum(items) AS items, sum(bytes) AS bytes
                    FROM (%s) kept
                    GROUP BY owner) k ON k.owner = e.owner
                WHERE (coalesce(e.items, 0), coalesce(e.bytes, 0)) <> (coalesce(k.items, 0), coalesce(k.bytes, 0))
                """.formatted(owner, kind, owned, kept);
    }

    /** Fails with all that is broken in the database. */
    public static void check(DataSource source) {
        fail(new Sql(source).with(DatabaseInvariants::breaches));
    }

    /** Fails with all that is broken in the database, or between it and the store. No write may be under way. */
    public static void check(DataSource source, BlobStore store) {
        fail(new Sql(source).with(connection -> {
            List<String> found = breaches(connection);
            found.addAll(brokenBlobs(connection, store));
            found.addAll(unnamedObjects(connection, store));
            return found;
        }));
    }

    private static List<String> breaches(Connection connection) throws SQLException {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, String> breach : BREACHES.entrySet()) {
            Sql.rows(connection, breach.getValue()).forEach(row -> found.add(breach.getKey() + ": " + row));
        }
        return found;
    }

    private static List<String> brokenBlobs(Connection connection, BlobStore store) throws SQLException {
        List<String> found = new ArrayList<>();
        for (String key : Sql.rows(connection, "SELECT storage_key FROM blob")) {
            String size = Sql.rows(connection, "SELECT size FROM blob WHERE storage_key = ?", key)
                    .getFirst();
            OptionalLong stored = store.stat(new BlobKey(key));
            if (!stored.equals(OptionalLong.of(Long.parseLong(size)))) {
                found.add(
                        "a blob's object is absent or of another size: %s %s, stored %s".formatted(key, size, stored));
            }
        }
        return found;
    }

    private static List<String> unnamedObjects(Connection connection, BlobStore store) throws SQLException {
        List<String> found = new ArrayList<>();
        Optional<BlobKey> after = Optional.empty();
        List<BlobKey> page;
        do {
            page = store.list(after, PAGE);
            for (BlobKey key : page) {
                if (Sql.rows(connection, """
                                SELECT 1 FROM blob WHERE storage_key = ?
                                UNION ALL SELECT 1 FROM tombstone WHERE storage_key = ?
                                UNION ALL SELECT 1 FROM upload WHERE storage_key = ?
                                UNION ALL SELECT 1 FROM upload_object WHERE storage_key = ?
                                """, key.value(), key.value(), key.value(), key.value())
                        .isEmpty()) {
                    found.add("no row names the object " + key);
                }
                after = Optional.of(key);
            }
        } while (page.size() == PAGE);
        return found;
    }

    private static void fail(List<String> found) {
        if (!found.isEmpty()) {
            throw new AssertionError(String.join("\n", found));
        }
    }
}
