package dev.moorage.metadata;

import dev.moorage.metadata.RetentionFacts.Extent;
import dev.moorage.metadata.RetentionFacts.Needs;
import dev.moorage.metadata.RetentionFacts.OfManifest;
import dev.moorage.metadata.RetentionFacts.OfTag;
import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads what retention policies decide about, page by page and no bytes of any manifest. */
@Singleton
public class RetentionFactStore {

    /** How many indexes that need one manifest are looked at. */
    public static final int MOST_PARENTS = 100;

    // Those with a policy of their own are not the organization's to decide about.
    private static final String NEXT_REPOSITORY = """
            SELECT r.organization_id, r.id AS repository_id, r.name
            FROM repository r
            WHERE r.organization_id = ? AND r.id > ? AND r.id <= ? AND r.deleted_at IS NULL %s
                AND (r.id = ?::bigint OR NOT EXISTS (
                    SELECT FROM retention_policy p WHERE p.organization_id = r.organization_id AND p.repository_id = r.id))
            ORDER BY r.id
            LIMIT 1
            """.formatted(Columns.IN_LIVE_ORGANIZATION);

    private static final String TAGS_AFTER = """
            SELECT t.name, t.manifest_digest, t.pushed_at, p.last_pulled_at
            FROM (
                SELECT *
                FROM tag
                WHERE organization_id = ? AND repository_id = ? AND name > ?
                ORDER BY name
                LIMIT ?) t
            LEFT JOIN manifest_pull p ON p.organization_id = t.organization_id AND p.repository_id = t.repository_id
                AND p.digest = t.manifest_digest
            ORDER BY t.name
            """;

    private static final String IMMUTABLE = """
            SELECT tag_pattern
            FROM immutability_rule
            WHERE organization_id = ? AND repository_id IS NULL
            UNION ALL
            SELECT tag_pattern
            FROM immutability_rule
            WHERE organization_id = ? AND repository_id = ?
            """;

    private static final String PULLED_AFTER = """
            SELECT true
            FROM manifest_pull
            WHERE organization_id = ? AND repository_id = ? AND digest = ? AND last_pulled_at > ?
            """;

    // What loses its last tag by this run is untagged since the run began.
    private static final String FACTS = """
            SELECT m.digest, m.size, m.leased_at,
                greatest(
                    m.pushed_at,
                    (SELECT max(e.at)
                        FROM event e
                        WHERE e.organization_id = m.organization_id AND e.repository_id = m.repository_id
                            AND e.from_digest = m.digest),
                    (SELECT r.started_at
                        FROM retention_run r
                        WHERE r.organization_id = m.organization_id AND r.id = ?
                            AND EXISTS (
                                SELECT
                                FROM tag t
                                WHERE t.organization_id = m.organization_id AND t.repository_id = m.repository_id
                                    AND t.manifest_digest = m.digest))),
                (SELECT t.name
                    FROM tag t
                    WHERE t.organization_id = m.organization_id AND t.repository_id = m.repository_id
                        AND t.manifest_digest = m.digest
                        AND NOT EXISTS (
                            SELECT
                            FROM retention_decision d
                            WHERE d.organization_id = t.organization_id AND d.run_id = ? AND d.kind = 'tag'
                                AND d.repository_id = t.repository_id AND d.name = t.name AND d.digest = t.manifest_digest
                                AND d.dropped)
                    LIMIT 1)
            FROM (%s) m
            """;

    private static final String MANIFESTS_AFTER = FACTS.formatted("""
            SELECT organization_id, repository_id, digest, size, leased_at, pushed_at
            FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND deleted_at IS NULL AND digest > ?
            ORDER BY digest
            LIMIT ?
            """) + "ORDER BY m.digest";

    private static final String MANIFESTS_AMONG = FACTS.formatted("""
            SELECT organization_id, repository_id, digest, size, leased_at, pushed_at
            FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND deleted_at IS NULL AND digest = ANY (?)
            """);

    private static final String PARENTS = """
            SELECT asked.digest, parent.manifest_digest
            FROM unnest(?::text[]) AS asked (digest)
            CROSS JOIN LATERAL (
                SELECT c.manifest_digest
                FROM manifest_child c
                JOIN manifest m ON m.organization_id = c.organization_id AND m.repository_id = c.repository_id
                    AND m.digest = c.manifest_digest
                WHERE c.organization_id = ? AND c.repository_id = ? AND c.child_digest = asked.digest
                    AND m.deleted_at IS NULL
                ORDER BY c.manifest_digest
                LIMIT ?) parent
            """;

    private static final String SUBJECTS = """
            SELECT m.digest, s.digest
            FROM manifest m
            JOIN manifest s ON s.organization_id = m.organization_id AND s.repository_id = m.repository_id
                AND s.digest = m.subject_digest
            WHERE m.organization_id = ? AND m.repository_id = ? AND m.digest = ANY (?) AND s.deleted_at IS NULL
            """;

    private static final String STANDING = """
            SELECT
                EXISTS (
                    SELECT
                    FROM tag t
                    WHERE t.organization_id = m.organization_id AND t.repository_id = m.repository_id
                        AND t.manifest_digest = m.digest),
                m.leased_at > now() - ? * interval '1 second' OR EXISTS (
                    SELECT
                    FROM event e
                    WHERE e.organization_id = m.organization_id AND e.repository_id = m.repository_id
                        AND e.from_digest = m.digest AND e.at > ? AND e.group_id <> ?),
                EXISTS (
                    SELECT
                    FROM manifest_child c
                    JOIN manifest p ON p.organization_id = c.organization_id AND p.repository_id = c.repository_id
                        AND p.digest = c.manifest_digest
                    WHERE c.organization_id = m.organization_id AND c.repository_id = m.repository_id
                        AND c.child_digest = m.digest AND p.deleted_at IS NULL)
                OR EXISTS (
                    SELECT
                    FROM manifest s
                    WHERE s.organization_id = m.organization_id AND s.repository_id = m.repository_id
                        AND s.digest = m.subject_digest AND s.deleted_at IS NULL)
            FROM manifest m
            WHERE m.organization_id = ? AND m.repository_id = ? AND m.digest = ?
            """;

    /**
     * What stands against hiding a manifest.
     *
     * @param tagged whether a tag names it
     * @param touched whether its lease is young, or something was taken off it since
     * @param needed whether a live index or subject needs it
     */
    public record Standing(boolean tagged, boolean touched, boolean needed) {}

    /** A repository that a run decides about. */
    public record Repository(RepositoryKey key, RepositoryName name) {}

    /**
     * The next repository that a policy is for, by identity.
     *
     * @param only the repository that the policy is of; empty for the organization's
     */
    public Optional<Repository> nextRepository(
            Transaction transaction, OrganizationId organization, Optional<RepositoryId> only, long after) {
        Optional<Long> id = only.map(RepositoryId::value);
        return transaction.first(
                NEXT_REPOSITORY,
                row -> new Repository(ManifestStore.key(row), new RepositoryName(row.getString("name"))),
                organization.value(),
                id.map(one -> Math.max(one - 1, after)).orElse(after),
                id.orElse(Long.MAX_VALUE),
                id);
    }

    /**
     * A repository, where a policy is for it: it lives and has no other policy of its own.
     *
     * @param only the repository that the policy is of; empty for the organization's
     */
    public Optional<Repository> repository(
            Transaction transaction, RepositoryKey repository, Optional<RepositoryId> only) {
        return nextRepository(transaction, repository.organization(), only, id(repository) - 1)
                .filter(found -> found.key().equals(repository));
    }

    /** Whether a pull of a manifest was counted that was later than this. */
    public boolean pulledAfter(Transaction transaction, RepositoryKey repository, Digest digest, Instant moment) {
        return transaction
                .first(
                        PULLED_AFTER,
                        _ -> true,
                        organization(repository),
                        id(repository),
                        digest.toString(),
                        Columns.time(moment))
                .isPresent();
    }

    /** Tags in byte order, from behind {@code after}. */
    public List<OfTag> tags(Transaction transaction, RepositoryKey repository, String after, int limit) {
        return transaction.all(
                TAGS_AFTER,
                row -> new OfTag(new Tag(row.getString(1)), digest(row, 2), instant(row, 3), Columns.instant(row, 4)),
                organization(repository),
                id(repository),
                after,
                limit);
    }

    /** Which tags of a repository are immutable. */
    public List<TagPattern> immutable(Transaction transaction, RepositoryKey repository) {
        return transaction.all(
                IMMUTABLE,
                row -> new TagPattern(row.getString(1)),
                organization(repository),
                organization(repository),
                id(repository));
    }

    /** Live manifests by digest, from behind {@code after}, where a run has decided about the tags. */
    public List<OfManifest> manifests(
            Transaction transaction, RepositoryKey repository, UUID run, String after, int limit) {
        return transaction.all(
                MANIFESTS_AFTER,
                RetentionFactStore::manifest,
                run,
                run,
                organization(repository),
                id(repository),
                after,
                limit);
    }

    /** Those of these manifests that live, where a run has decided about the tags. */
    public List<OfManifest> manifests(
            Transaction transaction, RepositoryKey repository, UUID run, Collection<Digest> digests) {
        return transaction.all(
                MANIFESTS_AMONG,
                RetentionFactStore::manifest,
                run,
                run,
                organization(repository),
                id(repository),
                LinkStore.texts(digests));
    }

    /** What needs these manifests. */
    public Map<Digest, Needs> needs(Transaction transaction, RepositoryKey repository, Collection<Digest> digests) {
        TextArray asked = LinkStore.texts(digests);
        Map<Digest, Set<Digest>> above = new HashMap<>();
        Set<Digest> cut = new HashSet<>();
        for (Map.Entry<Digest, Digest> pair : transaction.all(
                PARENTS, RetentionFactStore::pair, asked, organization(repository), id(repository), MOST_PARENTS + 1)) {
            Set<Digest> parents = above.computeIfAbsent(pair.getKey(), _ -> new HashSet<>());
            if (parents.size() < MOST_PARENTS) {
                parents.add(pair.getValue());
            } else {
                cut.add(pair.getKey());
            }
        }
        transaction
                .all(SUBJECTS, RetentionFactStore::pair, organization(repository), id(repository), asked)
                .forEach(pair -> above.computeIfAbsent(pair.getKey(), _ -> new HashSet<>())
                        .add(pair.getValue()));
        Map<Digest, Needs> needs = new HashMap<>();
        above.forEach(
                (digest, found) -> needs.put(digest, new Needs(found, cut.contains(digest) ? Extent.CUT : Extent.ALL)));
        return needs;
    }

    /**
     * What stands against hiding a manifest that the caller has locked.
     *
     * @param since only what was done after it counts
     * @param group whose own events do not count
     * @param lease how long a manifest stays after a push of it, or after a pusher was told that it is there
     */
    public Standing standing(
            Transaction transaction,
            RepositoryKey repository,
            Digest digest,
            Instant since,
            UUID group,
            Duration lease) {
        return transaction
                .first(
                        STANDING,
                        row -> new Standing(row.getBoolean(1), row.getBoolean(2), row.getBoolean(3)),
                        lease.toSeconds(),
                        Columns.time(since),
                        group,
                        organization(repository),
                        id(repository),
                        digest.toString())
                .orElseThrow();
    }

    private static Map.Entry<Digest, Digest> pair(ResultSet row) throws SQLException {
        return Map.entry(digest(row, 1), digest(row, 2));
    }

    private static OfManifest manifest(ResultSet row) throws SQLException {
        return new OfManifest(
                digest(row, 1),
                row.getInt(2),
                instant(row, 3),
                instant(row, 4),
                Optional.ofNullable(row.getString(5)).map(Tag::new));
    }

    private static Digest digest(ResultSet row, int index) throws SQLException {
        return Digest.parse(row.getString(index)).orElseThrow();
    }

    private static Instant instant(ResultSet row, int index) throws SQLException {
        return row.getObject(index, OffsetDateTime.class).toInstant();
    }

    private static long organization(RepositoryKey repository) {
        return repository.organization().value();
    }

    private static long id(RepositoryKey repository) {
        return repository.repository().value();
    }
}
