package dev.moorage.metadata;

import dev.moorage.metadata.RepositoryListStore.Row;
import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The repositories of an organization with what people ask of each at first: how much, how many tags, and since when. */
@Singleton
public class RepositorySummaryStore {

    /** How many tags of a repository are counted; where there is one more, there may be any number. */
    public static final int MOST_TAGS = 1000;

    private static final String LIVE = """
            SELECT r.organization_id, r.id, r.name, r.visibility, r.description, r.created_at
            FROM repository r
            WHERE r.deleted_at IS NULL
            """;

    // Each part is two runs of the index of names, and each run is cut. Whatever is public is seen by everybody.
    private static final String SEEN =
            """
            SELECT within.*
            FROM unnest(?::text[]) AS part (value)
            CROSS JOIN LATERAL (
                (%1$s AND r.name = part.value AND r.name > ?)
                UNION ALL
                (%1$s AND r.name > greatest((part.value || '/') COLLATE "C", ?) AND r.name < part.value || '0'
                ORDER BY r.name
                LIMIT ?)) within
            UNION
            SELECT open.*
            FROM unnest(?::text[]) AS part (value)
            CROSS JOIN LATERAL (
                (%2$s AND r.name = part.value AND r.name > ?)
                UNION ALL
                (%2$s AND r.name > greatest((part.value || '/') COLLATE "C", ?) AND r.name < part.value || '0'
                ORDER BY r.name
                LIMIT ?)) open
            ORDER BY name
            LIMIT ?
            """.formatted(LIVE, LIVE + "AND r.visibility = 'public' AND r.listed_at IS NOT NULL");

    // In the order of the index: else the planner, who expects most tags in one repository, reads all for a few.
    private static final String PAGE = """
            SELECT p.*, t.tags, pushed.at, kept.bytes,
                coalesce(
                    (SELECT s.icon IS NOT NULL
                    FROM repository_presentation s
                    WHERE s.organization_id = p.organization_id AND s.repository_id = p.id),
                    false) AS icon
            FROM (
                SELECT *
                FROM (%s) seen
                WHERE position(? IN substr(seen.name, ?)) > 0
                ORDER BY seen.name
                LIMIT ?) p
            CROSS JOIN LATERAL (
                SELECT count(*) AS tags
                FROM (
                    SELECT
                    FROM tag t
                    WHERE t.organization_id = p.organization_id AND t.repository_id = p.id
                    ORDER BY t.name
                    LIMIT %d) few) t
            CROSS JOIN LATERAL (
                SELECT greatest(
                    (SELECT t.pushed_at FROM tag t WHERE t.repository_id + 0 = p.id ORDER BY t.pushed_at DESC LIMIT 1),
                    (SELECT m.pushed_at FROM manifest m WHERE m.repository_id + 0 = p.id AND m.deleted_at IS NULL
                    ORDER BY m.pushed_at DESC LIMIT 1)) AS at) pushed
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(entries.bytes), 0) AS bytes
                FROM (
                    SELECT f.bytes
                    FROM usage_entry f
                    WHERE f.organization_id = p.organization_id AND f.repository_id = p.id AND f.folded
                    UNION ALL
                    SELECT u.bytes
                    FROM usage_entry u
                    WHERE u.organization_id = p.organization_id AND u.repository_id = p.id AND NOT u.folded) entries
                ) kept
            ORDER BY p.name
            """.formatted(SEEN, MOST_TAGS + 1);

    private static final String LAST = "SELECT name FROM (" + SEEN + ") seen ORDER BY name OFFSET ? LIMIT 1";

    /**
     * Which repositories of an organization are asked for.
     *
     * @param within parts of the organization that are seen whole, none within another one
     * @param part a text in what follows the organization's name; empty for any
     * @param after behind which name
     * @param examined how many are looked at
     */
    public record Wanted(List<RepositoryPrefix> within, String part, String after, int examined) {

        /** Keeps its own copy. */
        public Wanted {
            within = List.copyOf(within);
        }

        private List<Object> seen(OrganizationName organization) {
            TextArray parts =
                    new TextArray(within.stream().map(RepositoryPrefix::value).toList());
            RepositoryPrefix whole = new RepositoryPrefix(organization.value());
            TextArray open = new TextArray(within.contains(whole) ? List.of() : List.of(whole.value()));
            return List.of(parts, after, after, examined, open, after, after, examined, examined);
        }
    }

    /**
     * A repository.
     *
     * @param row what it is
     * @param tags how many tags it has, and one more than {@link #MOST_TAGS} where there are more
     * @param pushedAt when something was pushed last that is there
     * @param bytes how much it keeps, what is held for undo too
     * @param icon whether it has a picture of its own
     */
    public record Summary(Row row, int tags, Optional<Instant> pushedAt, long bytes, boolean icon) {}

    /** Repositories in the order of their names. */
    public List<Summary> page(Transaction transaction, OrganizationName organization, Wanted wanted, int limit) {
        List<Object> parameters = new ArrayList<>(wanted.seen(organization));
        parameters.add(wanted.part());
        parameters.add(organization.value().length() + 1);
        parameters.add(limit);
        return transaction.all(PAGE, RepositorySummaryStore::summary, parameters.toArray());
    }

    /** The last name that was looked at; empty where the end was reached. */
    public Optional<String> last(Transaction transaction, OrganizationName organization, Wanted wanted) {
        List<Object> parameters = new ArrayList<>(wanted.seen(organization));
        parameters.add(wanted.examined() - 1);
        return transaction.first(LAST, row -> row.getString(1), parameters.toArray());
    }

    private static Summary summary(ResultSet row) throws SQLException {
        return new Summary(
                new Row(
                        new RepositoryKey(new OrganizationId(row.getLong(1)), new RepositoryId(row.getLong(2))),
                        new RepositoryName(row.getString(3)),
                        Visibility.parse(row.getString(4)).orElseThrow(),
                        row.getString(5),
                        row.getObject(6, OffsetDateTime.class).toInstant()),
                row.getInt(7),
                Columns.instant(row, 8),
                row.getLong(9),
                row.getBoolean(10));
    }
}
