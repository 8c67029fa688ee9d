package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Sorting;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tags with what they name, in the orders that people ask for; each order is a run of an index. */
@Singleton
public class TagListStore {

    /** How many tags one page looks at, where a pattern passes over most. */
    public static final int EXAMINED = 5000;

    // The row where looking ends comes too, so that the next page can begin behind it.
    private static final String PAGE = """
            SELECT page.name, page.pushed_at, page.matches, page.last,
            """ + ManifestFacts.COLUMNS + """
            FROM (
                SELECT *
                FROM (
                    SELECT t.*, t.name LIKE ? AS matches, row_number() OVER (ORDER BY %2$s) = EXAMINED AS last
                    FROM (
                        SELECT t.organization_id, t.repository_id, t.name, t.manifest_digest, t.pushed_at, t.total_size
                        FROM tag t
                        WHERE t.organization_id = ? AND t.repository_id%4$s = ? %1$s
                        ORDER BY %2$s
                        LIMIT EXAMINED) t) t
                WHERE t.matches OR t.last
                ORDER BY %2$s
                LIMIT ?) page
            """.replace("EXAMINED", Integer.toString(EXAMINED))
            + ManifestFacts.JOINS + "ORDER BY %3$s";

    private static final String ONE = """
            SELECT page.name, page.pushed_at, true AS matches, false AS last,
            """ + ManifestFacts.COLUMNS + """
            FROM (
                SELECT t.organization_id, t.repository_id, t.name, t.manifest_digest, t.pushed_at
                FROM tag t
                WHERE t.organization_id = ? AND t.repository_id = ? AND t.name = ?) page
            """ + ManifestFacts.JOINS;

    private static final String ON_MANIFEST = """
            SELECT name
            FROM tag
            WHERE organization_id = ? AND repository_id = ? AND manifest_digest = ?
            ORDER BY name
            LIMIT ?
            """;

    /**
     * A tag.
     *
     * @param tag its name
     * @param pushedAt when it was pushed last, the same manifest again included
     * @param facts what it names
     * @param matches whether it is as the pattern says
     * @param last whether looking ended with it
     */
    public record Row(Tag tag, Instant pushedAt, ManifestFacts facts, boolean matches, boolean last) {}

    /**
     * Which tags are asked for.
     *
     * @param pattern those that match it
     * @param sorting in which order
     * @param after behind which tag; empty for the first page
     */
    public record Wanted(Optional<TagPattern> pattern, Sorting sorting, Optional<Place> after) {}

    /**
     * A place in an order.
     *
     * @param pushedAt the push date, where the order is by that
     * @param size the size in bytes, where the order is by that
     * @param name the name
     */
    public record Place(Instant pushedAt, long size, String name) {}

    /** A tag. */
    public Optional<Row> find(Transaction transaction, RepositoryKey repository, Tag tag) {
        return transaction.first(
                ONE,
                TagListStore::row,
                repository.organization().value(),
                repository.repository().value(),
                tag.value());
    }

    /** Tags on a manifest, in byte order. */
    public List<Tag> on(Transaction transaction, RepositoryKey repository, Digest digest, int limit) {
        return transaction.all(
                ON_MANIFEST,
                row -> new Tag(row.getString("name")),
                repository.organization().value(),
                repository.repository().value(),
                digest.toString(),
                limit);
    }

    /**
     * Tags that match, and the one where looking ended: at most {@value #EXAMINED} are looked at.
     *
     * @param limit how many at most
     */
    public List<Row> page(Transaction transaction, RepositoryKey repository, Wanted wanted, int limit) {
        String glob = wanted.pattern().map(TagPattern::value).orElse("*");
        List<Object> parameters = new ArrayList<>(List.of(
                Like.of(glob),
                repository.organization().value(),
                repository.repository().value()));
        StringBuilder conditions = new StringBuilder();
        if (wanted.sorting().key() == Sorting.Key.NAME) {
            // No character of a tag comes behind z.
            conditions.append("AND t.name >= ? AND t.name < ?");
            parameters.add(Like.beginning(glob));
            parameters.add(Like.beginning(glob) + '~');
        }
        wanted.after().ifPresent(place -> {
            conditions.append(wanted.sorting().direction() == Sorting.Direction.UP ? " AND %s > %s" : " AND %s < %s");
            parameters.addAll(keys(wanted.sorting().key(), place));
        });
        parameters.add(limit);
        String sides = conditions
                .toString()
                .formatted(left(wanted.sorting().key()), right(wanted.sorting().key()));
        String sql = PAGE.formatted(
                sides,
                order("t", wanted.sorting()),
                order("page", wanted.sorting()),
                // As the indexes by push date and size are written.
                wanted.sorting().key() == Sorting.Key.NAME ? "" : " + 0");
        return transaction.all(sql, TagListStore::row, parameters.toArray());
    }

    private static List<Object> keys(Sorting.Key key, Place place) {
        return switch (key) {
            case NAME -> List.of(place.name());
            case PUSHED -> List.of(Columns.time(place.pushedAt()), place.name());
            case SIZE -> List.of(place.size(), place.name());
        };
    }

    private static String left(Sorting.Key key) {
        return switch (key) {
            case NAME -> "t.name";
            case PUSHED -> "(t.pushed_at, t.name)";
            case SIZE -> "(t.total_size, t.name)";
        };
    }

    private static String right(Sorting.Key key) {
        return key == Sorting.Key.NAME ? "?" : "(?, ?)";
    }

    private static String order(String from, Sorting sorting) {
        String end = sorting.direction() == Sorting.Direction.UP ? "" : " DESC";
        String name = from + ".name" + end;
        return switch (sorting.key()) {
            case NAME -> name;
            case PUSHED -> from + ".pushed_at" + end + ", " + name;
            case SIZE -> from + ".total_size" + end + ", " + name;
        };
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new Tag(row.getString("name")),
                Columns.instant(row, row.findColumn("pushed_at")).orElseThrow(),
                ManifestFacts.of(row),
                row.getBoolean("matches"),
                row.getBoolean("last"));
    }
}
