package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Visibility;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Repositories, as those who manage them see and change them; also such that hold nothing yet. */
@Singleton
public class RepositoryListStore {

    private static final String COLUMNS = "r.organization_id, r.id, r.name, r.visibility, r.description, r.created_at";

    private static final String PRESENT = "SELECT " + COLUMNS + " FROM repository r WHERE r.deleted_at IS NULL ";
    private static final String LIVE = PRESENT + Columns.EACH_IN_LIVE_ORGANIZATION;
    private static final String BY_NAME = PRESENT + Columns.IN_LIVE_ORGANIZATION + "AND r.name = ?";

    // An organization that had the name before this one may have left repositories: what happened there is not told
    // here.
    private static final String LAST_DELETED = """
            SELECT r.organization_id, r.id
            FROM repository r
            JOIN organization o ON o.id = r.organization_id AND o.deleted_at IS NULL
            WHERE r.name = ? AND r.deleted_at IS NOT NULL
            ORDER BY r.deleted_at DESC
            LIMIT 1
            """;

    private static final String LOCKED = BY_NAME + " FOR NO KEY UPDATE";
    private static final String ALL_AFTER = LIVE + "AND r.name > ? ORDER BY r.name LIMIT ?";

    // Each prefix is one run of the index, and each run is cut at the page's size.
    private static final String WITHIN_AFTER = """
            SELECT run.*
            FROM unnest(?::text[]) AS prefix (value)
            CROSS JOIN LATERAL (
                (%s AND r.name = prefix.value AND r.name > ?)
                UNION ALL
                (%s AND r.name > greatest((prefix.value || '/') COLLATE "C", ?) AND r.name < prefix.value || '0'
                ORDER BY r.name
                LIMIT ?)) run
            ORDER BY run.name
            LIMIT ?
            """.formatted(LIVE, LIVE);

    private static final String NEW_REPOSITORY = """
            INSERT INTO repository AS r (organization_id, name, visibility, description)
            SELECT o.id, ?, coalesce(?, o.default_visibility), ?
            FROM organization o
            WHERE o.name = ? AND o.deleted_at IS NULL
            FOR KEY SHARE
            ON CONFLICT (name) WHERE deleted_at IS NULL DO NOTHING
            RETURNING
            """ + COLUMNS;

    private static final String DESCRIPTIONS = """
            SELECT r.name, r.description
            FROM unnest(?::text[]) AS asked (name)
            CROSS JOIN LATERAL (
                SELECT r.name, r.description
                FROM repository r
                WHERE r.name = asked.name AND r.deleted_at IS NULL
                LIMIT 1) r
            """;

    // The links follow it later, a few at a time: a large repository has very many.
    private static final String CHANGE = """
            UPDATE repository
            SET visibility = ?, description = ?,
                links_stale_since = CASE WHEN visibility = ? THEN links_stale_since ELSE clock_timestamp() END
            WHERE organization_id = ? AND id = ? AND deleted_at IS NULL
            """;

    /** A repository. */
    public record Row(
            RepositoryKey key, RepositoryName name, Visibility visibility, String description, Instant createdAt) {}

    /** Whether a repository is read or will be changed. */
    public enum Lock {
        NONE,
        CHANGE
    }

    /** The repository of a name. */
    public Optional<Row> find(Transaction transaction, RepositoryName name, Lock lock) {
        return transaction.first(lock == Lock.NONE ? BY_NAME : LOCKED, RepositoryListStore::row, name.value());
    }

    /** The repository that had a name last and is deleted, and not gone yet. */
    public Optional<RepositoryKey> lastDeleted(Transaction transaction, RepositoryName name) {
        return transaction.first(
                LAST_DELETED,
                row -> new RepositoryKey(new OrganizationId(row.getLong(1)), new RepositoryId(row.getLong(2))),
                name.value());
    }

    /** Repositories in the order of their names, from behind one. */
    @AcrossTenants("an administrator sees every repository")
    public List<Row> page(Transaction transaction, String after, int limit) {
        return transaction.all(ALL_AFTER, RepositoryListStore::row, after, limit);
    }

    /**
     * Those that lie within some prefixes, as {@link #page}.
     *
     * @param prefixes none of them within another one
     */
    @AcrossTenants("what the caller may pull, in whatever organization")
    public List<Row> page(Transaction transaction, Collection<RepositoryPrefix> prefixes, String after, int limit) {
        TextArray within =
                new TextArray(prefixes.stream().map(RepositoryPrefix::value).toList());
        return transaction.all(WITHIN_AFTER, RepositoryListStore::row, within, after, after, limit, limit);
    }

    /** What is said of live repositories, by their names. */
    @AcrossTenants("what the caller was shown by name already, in whatever organization")
    public Map<String, String> descriptions(Transaction transaction, Collection<String> names) {
        return transaction
                .all(
                        DESCRIPTIONS,
                        row -> Map.entry(row.getString(1), row.getString(2)),
                        new TextArray(List.copyOf(names)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Makes a repository; empty where the name is taken, or its organization is gone. */
    public Optional<Row> insert(
            Transaction transaction, RepositoryName name, Optional<Visibility> visibility, String description) {
        return transaction.first(
                NEW_REPOSITORY,
                RepositoryListStore::row,
                name.value(),
                visibility.map(Visibility::text),
                description,
                name.organization().value());
    }

    /** Changes what can be changed of a repository. */
    public void change(Transaction transaction, RepositoryKey key, Visibility visibility, String description) {
        transaction.change(
                CHANGE,
                visibility.text(),
                description,
                visibility.text(),
                key.organization().value(),
                key.repository().value());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new RepositoryKey(new OrganizationId(row.getLong(1)), new RepositoryId(row.getLong(2))),
                new RepositoryName(row.getString(3)),
                Visibility.parse(row.getString(4)).orElseThrow(),
                row.getString(5),
                row.getObject(6, OffsetDateTime.class).toInstant());
    }
}
