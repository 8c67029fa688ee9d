package dev.moorage.metadata;

import dev.moorage.metadata.ImageQuestion.NamedSource;
import dev.moorage.metadata.ImageQuestion.Place;
import dev.moorage.metadata.ImageQuestion.Scope;
import dev.moorage.metadata.ImageQuestion.Wanted;
import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Sorting;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The manifests that a question about images looks at, in their order: a bounded number, wherever they are.
 *
 * <p>Everywhere that is one run of an index. Elsewhere it is one run for each organization or repository, merged: only the
 * {@value #NEAREST} whose first manifest comes first are gone into, the nearest one furthest; and looking ends where one of
 * them was not read on, for behind that may be more of it. So much is read whether the rest are ten or a thousand.
 */
final class ImageCandidates {

    /** Into how many organizations or repositories one question looks. */
    static final int NEAREST = 26;

    private static final String COLUMNS =
            "m.organization_id, m.repository_id, m.digest AS manifest_digest, m.pushed_at, m.total_size";

    private ImageCandidates() {}

    /** What comes before the statement itself. */
    static void with(SqlText text, Wanted wanted, int examined) {
        switch (wanted.scope()) {
            case Scope.Everywhere _ -> {}
            case Scope.Some(var sources) -> {
                text.add(
                        """
                        WITH sources AS MATERIALIZED (
                            SELECT s.organization_id, s.repository_id
                            FROM unnest(?::text[]::bigint[], ?::text[]::bigint[]) s (organization_id, repository_id)),
                        nearest AS MATERIALIZED (
                            SELECT s.organization_id, s.repository_id, row_number() OVER (ORDER BY %1$s) AS rank
                            FROM sources s
                            CROSS JOIN LATERAL (
                        """.formatted(order("e", wanted)),
                        numbers(sources, source -> source.organization().value()),
                        numbers(sources, source -> source.repository()
                                .map(repository -> repository.value())
                                .orElse(0L)));
                runs(text, wanted, "1");
                text.add(") e ORDER BY " + order("e", wanted) + " LIMIT " + NEAREST + "),");
                text.add(SHARES + """
                        looked AS MATERIALIZED (
                            SELECT e.*, r.name, s.rank, row_number() OVER (PARTITION BY s.rank ORDER BY %1$s) = s.share AS cut
                            FROM shares s
                            CROSS JOIN LATERAL (
                        """.formatted(order("e", wanted)), examined);
                runs(text, wanted, "s.share");
                text.add(") e " + REPOSITORY + ")");
            }
            case Scope.Named(var repositories) -> {
                text.add(
                        """
                        WITH nearest AS MATERIALIZED (
                            SELECT s.organization_id, s.repository_id, s.name, s.behind, s.rank
                            FROM unnest(?::text[]::bigint[], ?::text[]::bigint[], ?::text[], ?::text[])
                                WITH ORDINALITY s (organization_id, repository_id, name, behind, rank)),
                        """ + SHARES + """
                        looked AS MATERIALIZED (
                            SELECT e.*, s.rank,
                                row_number() OVER (PARTITION BY s.rank ORDER BY e.manifest_digest) = s.share AS cut
                            FROM shares s
                            CROSS JOIN LATERAL (
                                SELECT\s""" + COLUMNS + """
                                , s.name
                                FROM manifest m
                                WHERE m.organization_id = s.organization_id AND m.repository_id = s.repository_id
                                    AND m.digest > s.behind COLLATE "C" AND m.deleted_at IS NULL
                                ORDER BY m.digest
                                LIMIT s.share) e)
                        """,
                        numbers(
                                repositories,
                                source -> source.key().organization().value()),
                        numbers(
                                repositories,
                                source -> source.key().repository().value()),
                        texts(repositories, source -> source.name().value()),
                        texts(repositories, NamedSource::after),
                        examined);
            }
        }
    }

    /** From what the statement selects: each manifest, its repository's name, and whether looking ended with it. */
    static void from(SqlText text, Wanted wanted, int examined) {
        String order = order("e", wanted);
        if (wanted.scope() instanceof Scope.Everywhere) {
            text.add("SELECT e.*, r.name, row_number() OVER (ORDER BY " + order + ") = ? AS last FROM (", examined);
            text.add("SELECT " + COLUMNS + " FROM manifest m WHERE m.deleted_at IS NULL");
            range(text, wanted);
            text.add("ORDER BY " + columns("m", wanted, "digest") + " LIMIT ?) e " + REPOSITORY, examined);
            text.add("ORDER BY " + order);
            return;
        }
        text.add("""
                SELECT e.*, e.cut AS last
                FROM (
                    SELECT l.*, count(*) FILTER (WHERE l.cut) OVER (
                        ORDER BY %1$s ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ends
                    FROM looked l) e
                WHERE e.ends = 0
                ORDER BY %2$s
                """.formatted(order("l", wanted), order));
    }

    // The nearest may be read furthest, the last only to where it begins: that is how far the others tell all.
    private static final String SHARES = """
            shares AS MATERIALIZED (
                SELECT n.*,
                    CASE WHEN n.rank < NEAREST THEN ceil(?::bigint / (n.rank * (1 + ln(count(*) OVER ()))))::bigint
                    ELSE 1 END AS share
                FROM nearest n),
            """.replace("NEAREST", Integer.toString(NEAREST));

    // The repository of a manifest may be gone; the manifest still counts as looked at.
    private static final String REPOSITORY = """
            LEFT JOIN LATERAL (
                SELECT r.name
                FROM repository r
                WHERE r.id = e.repository_id AND r.deleted_at IS NULL %s
                LIMIT 1) r ON true
            """.formatted(Columns.EACH_IN_LIVE_ORGANIZATION);

    /** The manifests of one source, in one of two indexes. */
    private static void runs(SqlText text, Wanted wanted, String limit) {
        text.add("(SELECT " + COLUMNS + """
                 FROM manifest m
                WHERE s.repository_id > 0 AND m.deleted_at IS NULL
                    AND m.organization_id = s.organization_id AND m.repository_id + 0 = s.repository_id
                """);
        range(text, wanted);
        text.add(
                "ORDER BY " + columns("m", wanted, "digest").replaceAll(", m[.]repository_id.*", "") + " LIMIT " + limit
                        + ") UNION ALL (SELECT " + COLUMNS + """
                 FROM manifest m
                WHERE s.repository_id = 0 AND m.deleted_at IS NULL AND m.organization_id + 0 = s.organization_id
                """);
        range(text, wanted);
        text.add("ORDER BY " + columns("m", wanted, "digest") + " LIMIT " + limit + ")");
    }

    /** What lies behind the place, and in the order by push date what was pushed in time. */
    private static void range(SqlText text, Wanted wanted) {
        boolean up = wanted.sorting().direction() == Sorting.Direction.UP;
        boolean pushed = wanted.sorting().key() == Sorting.Key.PUSHED;
        if (wanted.after().isPresent()) {
            Place place = wanted.after().get();
            text.add(
                    "AND (%s, m.digest, m.repository_id) %s (?, ?, ?)"
                            .formatted(pushed ? "m.pushed_at" : "m.total_size", up ? ">" : "<"),
                    pushed ? Columns.time(place.pushedAt()) : place.size(),
                    place.digest(),
                    place.repository());
        }
        if (pushed) {
            wanted.filter().since().ifPresent(since -> text.add("AND m.pushed_at >= ?", Columns.time(since)));
            wanted.filter().before().ifPresent(before -> text.add("AND m.pushed_at < ?", Columns.time(before)));
        }
    }

    /** The order of the answer. */
    static String order(String from, Wanted wanted) {
        return columns(from, wanted, "manifest_digest");
    }

    private static String columns(String from, Wanted wanted, String digest) {
        String end = wanted.sorting().direction() == Sorting.Direction.UP ? "" : " DESC";
        List<String> keys =
                switch (wanted.sorting().key()) {
                    case NAME -> List.of("rank", digest);
                    case PUSHED -> List.of("pushed_at", digest, "repository_id");
                    case SIZE -> List.of("total_size", digest, "repository_id");
                };
        return keys.stream().map(key -> from + '.' + key + end).collect(Collectors.joining(", "));
    }

    private static <S> TextArray numbers(List<S> sources, Function<S, Long> number) {
        return texts(sources, source -> Long.toString(number.apply(source)));
    }

    private static <S> TextArray texts(List<S> sources, Function<S, String> text) {
        return new TextArray(sources.stream().map(text).toList());
    }
}
