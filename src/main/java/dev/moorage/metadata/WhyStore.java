package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Visibility;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What keeps a manifest or a blob in a repository, for people to read; each list is cut. */
@Singleton
public class WhyStore {

    private static final String MANIFEST = """
            SELECT m.size, m.deleted_at IS NOT NULL AS hidden, NULL::timestamptz AS leased_until,
                m.subject_digest IS NOT NULL AND NOT EXISTS (
                    SELECT
                    FROM manifest s
                    WHERE s.organization_id = m.organization_id AND s.repository_id = m.repository_id
                        AND s.digest = m.subject_digest AND s.deleted_at IS NULL) AS orphan
            FROM manifest m
            WHERE m.organization_id = ? AND m.repository_id = ? AND m.digest = ?
            """;

    private static final String LINK = """
            SELECT b.size, l.deleted_at IS NOT NULL AS hidden,
                CASE WHEN lease.until > now() THEN lease.until END AS leased_until, false AS orphan
            FROM repository_blob l
            CROSS JOIN LATERAL (SELECT l.leased_at + ? * interval '1 second' AS until) lease
            JOIN blob b ON b.digest = l.digest
            WHERE l.organization_id = ? AND l.repository_id = ? AND l.digest = ?
            """;

    private static final String TAGS = """
            SELECT name
            FROM tag
            WHERE organization_id = ? AND repository_id = ? AND manifest_digest = ?
            ORDER BY name
            LIMIT ?
            """;

    private static final String USERS = """
            SELECT u.digest, m.deleted_at IS NOT NULL AS hidden, ARRAY(
                SELECT t.name
                FROM tag t
                WHERE t.organization_id = m.organization_id AND t.repository_id = m.repository_id
                    AND t.manifest_digest = m.digest
                ORDER BY t.name
                LIMIT 10) AS tags
            FROM (
                SELECT organization_id, repository_id, manifest_digest AS digest
                FROM %s
                WHERE organization_id = ? AND repository_id = ? AND %s = ?
                ORDER BY manifest_digest
                LIMIT ?) u
            JOIN manifest m ON m.organization_id = u.organization_id AND m.repository_id = u.repository_id
                AND m.digest = u.digest
            ORDER BY u.digest
            """;

    private static final String PARENTS = USERS.formatted("manifest_child", "child_digest");
    private static final String MANIFESTS = USERS.formatted("manifest_blob", "blob_digest");

    private static final String HOLDS = """
            SELECT e.kind, e.reference::text, e.actor, h.held_until
            FROM hold h
            JOIN event e ON e.id = h.event_id
            WHERE h.organization_id = ? AND h.repository_id = ? AND h.kind = ? AND h.digest = ? AND h.held_until > now()
            ORDER BY h.held_until DESC
            LIMIT ?
            """;

    private static final String ELSEWHERE = """
            SELECT r.name, r.visibility
            FROM (
                SELECT organization_id, repository_id
                FROM repository_blob
                WHERE digest = ? AND organization_id = ? AND repository_id <> ? AND deleted_at IS NULL
                ORDER BY repository_id
                LIMIT ?) l
            JOIN repository r ON r.organization_id = l.organization_id AND r.id = l.repository_id AND r.deleted_at IS NULL
            ORDER BY r.name
            """;

    /**
     * A manifest or a blob of a repository.
     *
     * @param size its bytes
     * @param hidden whether it is deleted, and held for undo at most
     * @param leasedUntil how long a pusher may rely on it yet; blobs only
     * @param orphan whether it refers to a subject that is not there
     */
    public record Thing(long size, boolean hidden, Optional<Instant> leasedUntil, boolean orphan) {}

    /** A manifest that needs it, with the first tags on that. */
    public record User(String digest, boolean hidden, List<String> tags) {

        /** Keeps its own copy. */
        public User {
            tags = List.copyOf(tags);
        }
    }

    /** What holds it for undo: a kind of event, its reference, whose it was, and until when. */
    public record Hold(String event, String reference, String actor, Instant until) {}

    /** A manifest of the repository, live or hidden. */
    public Optional<Thing> manifest(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction.first(
                MANIFEST, WhyStore::thing, organization(repository), id(repository), digest.toString());
    }

    /** A blob of the repository, visible or hidden. */
    public Optional<Thing> blob(Transaction transaction, RepositoryKey repository, Digest digest, Duration linkDelay) {
        return transaction.first(
                LINK,
                WhyStore::thing,
                linkDelay.toSeconds(),
                organization(repository),
                id(repository),
                digest.toString());
    }

    /** The first tags on a manifest. */
    public List<String> tags(Transaction transaction, RepositoryKey repository, Digest digest, int limit) {
        return transaction.all(
                TAGS, row -> row.getString(1), organization(repository), id(repository), digest.toString(), limit);
    }

    /** The first indexes that list a manifest, hidden ones too. */
    public List<User> parents(Transaction transaction, RepositoryKey repository, Digest digest, int limit) {
        return transaction.all(
                PARENTS, WhyStore::user, organization(repository), id(repository), digest.toString(), limit);
    }

    /** The first manifests that need a blob, hidden ones too. */
    public List<User> manifests(Transaction transaction, RepositoryKey repository, Digest digest, int limit) {
        return transaction.all(
                MANIFESTS, WhyStore::user, organization(repository), id(repository), digest.toString(), limit);
    }

    /** What holds it, the longest first. */
    public List<Hold> holds(
            Transaction transaction, RepositoryKey repository, HistoryStore.Held kind, Digest digest, int limit) {
        return transaction.all(
                HOLDS,
                row -> new Hold(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getObject(4, OffsetDateTime.class).toInstant()),
                organization(repository),
                id(repository),
                kind.name().toLowerCase(Locale.ROOT),
                digest.toString(),
                limit);
    }

    /** Other live repositories of the same organization that show a blob: their names, and who sees them. */
    public List<Elsewhere> elsewhere(Transaction transaction, RepositoryKey repository, Digest digest, int limit) {
        return transaction.all(
                ELSEWHERE,
                row -> new Elsewhere(
                        new RepositoryName(row.getString(1)),
                        Visibility.parse(row.getString(2)).orElseThrow()),
                digest.toString(),
                organization(repository),
                id(repository),
                limit);
    }

    /** Another repository that shows a blob. */
    public record Elsewhere(RepositoryName name, Visibility visibility) {}

    private static Thing thing(ResultSet row) throws SQLException {
        return new Thing(
                row.getLong("size"),
                row.getBoolean("hidden"),
                Optional.ofNullable(row.getObject("leased_until", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                row.getBoolean("orphan"));
    }

    private static User user(ResultSet row) throws SQLException {
        Array tags = row.getArray("tags");
        return new User(row.getString("digest"), row.getBoolean("hidden"), List.of((String[]) tags.getArray()));
    }

    private static long organization(RepositoryKey repository) {
        return repository.organization().value();
    }

    private static long id(RepositoryKey repository) {
        return repository.repository().value();
    }
}
