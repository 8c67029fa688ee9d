package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Glob;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Sorting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A statement that asks for images, put together of a few fixed parts and its parameters. */
public final class ImageQuestion {

    private final StringBuilder text = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    private ImageQuestion() {}

    /** Where images are looked for. */
    public sealed interface Scope {

        /** In all repositories, by push date or size. */
        record Everywhere() implements Scope {}

        /** In repositories within some prefixes, none of which lies within another one; by push date or size. */
        record Within(List<RepositoryPrefix> prefixes) implements Scope {

            /** Keeps its own copy. */
            public Within {
                prefixes = List.copyOf(prefixes);
            }
        }

        /** In these repositories, by name. */
        record These(List<RepositoryName> names) implements Scope {

            /** Keeps its own copy. */
            public These {
                names = List.copyOf(names);
            }
        }
    }

    /** What of the manifests is asked for. */
    public enum Standing {
        /** Whatever has a tag, or is needed by nothing. */
        IMAGES,
        /** Whatever has a tag. */
        TAGGED,
        /** Whatever has no tag, and is neither part of an index nor about something that lives. */
        DANGLING,
        /** Everything. */
        ALL
    }

    /** Whether labels are answered. */
    public enum Labels {
        SHOWN,
        LEFT_OUT
    }

    /**
     * On what an image runs.
     *
     * @param operatingSystem the operating system
     * @param architecture the processor
     * @param variant the processor's variant; empty for any
     */
    public record RunsOn(String operatingSystem, String architecture, Optional<String> variant) {}

    /**
     * Which images are asked for.
     *
     * @param repository a pattern of their repositories' names
     * @param tag a pattern that one of their tags matches; empty for any, and none
     * @param standing what of the manifests
     * @param labels each a key, or a key and value as {@code key=value}, which they all have
     * @param platform on what they run, or a part of an index does
     * @param artifactType what kind of artifact they are
     * @param since pushed then or later
     * @param before pushed before
     */
    public record Filter(
            Glob repository,
            Optional<Glob> tag,
            Standing standing,
            List<String> labels,
            Optional<RunsOn> platform,
            Optional<String> artifactType,
            Optional<Instant> since,
            Optional<Instant> before) {

        /** Keeps its own copy of the labels. */
        public Filter {
            labels = List.copyOf(labels);
        }
    }

    /**
     * A place in an order.
     *
     * @param pushedAt the push date, where the order is by that
     * @param size the size in bytes, where the order is by that
     * @param digest the manifest
     * @param repository the repository's name
     */
    public record Place(Instant pushedAt, long size, String digest, String repository) {}

    /** A question. */
    public record Wanted(Scope scope, Sorting sorting, Optional<Place> after, Filter filter, Labels labels) {}

    static ImageQuestion of(Wanted wanted, int limit) {
        ImageQuestion question = new ImageQuestion();
        question.repositories(wanted.scope());
        question.add(
                """
                , share AS MATERIALIZED (
                    SELECT greatest(?::bigint, least(EXAMINED, 10 * EXAMINED / greatest(count(*), 1))) AS size
                    FROM repositories)
                SELECT page.name, page.pushed_at, page.tags, page.labels, page.matches, page.last,
                """.replace("EXAMINED", Integer.toString(ImageListStore.EXAMINED)) + ManifestFacts.COLUMNS + """
                FROM (
                    SELECT *
                    FROM (
                        SELECT e.*, tagged.tags, k.labels, (
                """,
                limit);
        question.matches(wanted.filter());
        question.add(") AS matches, row_number() OVER (ORDER BY " + order("e", wanted.sorting())
                + ") = (SELECT size FROM share) AS last FROM (");
        question.candidates(wanted);
        question.add(
                """
                ) e
                CROSS JOIN LATERAL (
                    SELECT k.subject_digest, k.artifact_type, k.operating_system, k.architecture, k.variant,
                        k.label_extracts,
                        CASE WHEN ? AND octet_length(k.labels::text) <= 16384 THEN k.labels::text END AS labels
                    FROM manifest k
                    WHERE k.organization_id = e.organization_id AND k.repository_id = e.repository_id
                        AND k.digest = e.manifest_digest
                    LIMIT 1) k
                CROSS JOIN LATERAL (
                    SELECT ARRAY(
                        SELECT t.name
                        FROM tag t
                        WHERE t.organization_id = e.organization_id AND t.repository_id = e.repository_id
                            AND t.manifest_digest = e.manifest_digest AND t.name LIKE ?
                        ORDER BY t.name
                        LIMIT 100) AS tags) tagged) e
                """,
                wanted.labels() == Labels.SHOWN,
                wanted.filter().tag().map(Glob::value).map(Like::of).orElse(Like.ANYTHING));
        question.add("WHERE e.matches OR e.last ORDER BY " + order("e", wanted.sorting()) + " LIMIT ?) page ", limit);
        question.add(ManifestFacts.JOINS + " ORDER BY " + order("page", wanted.sorting()));
        return question;
    }

    String text() {
        return text.toString();
    }

    Object[] parameters() {
        return parameters.toArray();
    }

    private void add(String part, Object... values) {
        text.append(part).append('\n');
        parameters.addAll(List.of(values));
    }

    // Each prefix is one run of the index.
    private void repositories(Scope scope) {
        switch (scope) {
            case Scope.Everywhere _ -> add("WITH repositories AS MATERIALIZED (SELECT 1)");
            case Scope.Within(var prefixes) -> add("""
                        WITH repositories AS MATERIALIZED (
                            SELECT run.*
                            FROM unnest(?::text[]) AS prefix (value)
                            CROSS JOIN LATERAL (
                                SELECT r.organization_id, r.id, r.name
                                FROM repository r
                                WHERE r.deleted_at IS NULL AND r.name = prefix.value
                                UNION ALL
                                SELECT r.organization_id, r.id, r.name
                                FROM repository r
                                WHERE r.deleted_at IS NULL AND r.name > (prefix.value || '/') COLLATE "C"
                                    AND r.name < prefix.value || '0') run)
                        """, texts(prefixes.stream().map(RepositoryPrefix::value)));
            case Scope.These(var names) -> add("""
                        WITH repositories AS MATERIALIZED (
                            SELECT r.*
                            FROM unnest(?::text[]) AS asked (name)
                            CROSS JOIN LATERAL (
                                SELECT r.organization_id, r.id, r.name
                                FROM repository r
                                WHERE r.deleted_at IS NULL AND r.name = asked.name
                                LIMIT 1) r)
                        """, texts(names.stream().map(RepositoryName::value)));
        }
    }

    private void candidates(Wanted wanted) {
        String columns =
                "m.organization_id, m.repository_id, r.name, m.digest AS manifest_digest, m.pushed_at, m.total_size";
        String order = order("m", wanted.sorting()).replace("m.manifest_digest", "m.digest");
        String inner = """
                SELECT m.organization_id, m.repository_id, m.digest, m.pushed_at, m.total_size
                FROM manifest m
                WHERE m.deleted_at IS NULL
                """;
        add("SELECT " + columns + " FROM ");
        switch (wanted.scope()) {
            case Scope.Everywhere _ -> {
                add("(" + inner);
                range(wanted);
                // The repository of a manifest may be gone; the manifest still counts as looked at.
                add("ORDER BY " + order + """
                         LIMIT (SELECT size FROM share)) m
                        LEFT JOIN LATERAL (
                            SELECT r.name FROM repository r WHERE r.id = m.repository_id AND r.deleted_at IS NULL LIMIT 1) r
                        ON true
                        ORDER BY\s""" + order);
            }
            case Scope.Within _ -> {
                add("repositories r CROSS JOIN LATERAL (" + inner
                        // As the indexes by push date and size are written.
                        + " AND m.organization_id = r.organization_id AND m.repository_id + 0 = r.id ");
                range(wanted);
                add("ORDER BY " + order + " LIMIT (SELECT size FROM share)) m ORDER BY " + order
                        + " LIMIT (SELECT size FROM share)");
            }
            case Scope.These _ -> {
                add("repositories r CROSS JOIN LATERAL (" + inner
                        + " AND m.organization_id = r.organization_id AND m.repository_id = r.id ");
                wanted.after()
                        .ifPresent(place -> add(
                                "AND m.digest > CASE WHEN r.name = ? THEN ? ELSE '' END",
                                place.repository(),
                                place.digest()));
                add("ORDER BY m.digest LIMIT (SELECT size FROM share)) m ORDER BY r.name, m.digest"
                        + " LIMIT (SELECT size FROM share)");
            }
        }
    }

    /** What lies behind the place, and in the order by push date what was pushed in time. */
    private void range(Wanted wanted) {
        boolean up = wanted.sorting().direction() == Sorting.Direction.UP;
        boolean pushed = wanted.sorting().key() == Sorting.Key.PUSHED;
        wanted.after()
                .ifPresent(place -> add(
                        "AND (%s, m.digest, m.repository_id) %s (?, ?, coalesce((SELECT b.id FROM %s WHERE b.name = ?), %s))"
                                .formatted(
                                        pushed ? "m.pushed_at" : "m.total_size",
                                        up ? ">" : "<",
                                        known(wanted.scope()),
                                        up ? 0 : Long.MAX_VALUE),
                        pushed ? Columns.time(place.pushedAt()) : place.size(),
                        place.digest(),
                        place.repository()));
        if (pushed) {
            wanted.filter().since().ifPresent(since -> add("AND m.pushed_at >= ?", Columns.time(since)));
            wanted.filter().before().ifPresent(before -> add("AND m.pushed_at < ?", Columns.time(before)));
        }
    }

    // Of who sees a part, whether a repository exists that is not his must not move the page.
    private static String known(Scope scope) {
        return switch (scope) {
            case Scope.Everywhere _ -> "(SELECT l.id, l.name FROM repository l WHERE l.deleted_at IS NULL) b";
            case Scope.Within _, Scope.These _ -> "repositories b";
        };
    }

    private void matches(Filter filter) {
        add("e.name IS NOT NULL AND e.name LIKE ?", Like.of(filter.repository().value()));
        if (filter.tag().isPresent() || filter.standing() == Standing.TAGGED) {
            add("AND cardinality(tagged.tags) > 0");
        }
        switch (filter.standing()) {
            case ALL, TAGGED -> {}
            case IMAGES -> add("AND (cardinality(tagged.tags) > 0 OR " + NEEDED_BY_NOTHING + ")");
            case DANGLING -> add("AND cardinality(tagged.tags) = 0 AND " + NEEDED_BY_NOTHING);
        }
        if (!filter.labels().isEmpty()) {
            add("AND k.label_extracts @> ?::text[]", texts(filter.labels().stream()));
        }
        filter.platform().ifPresent(this::runsOn);
        filter.artifactType().ifPresent(type -> add("AND k.artifact_type = ?", type));
        filter.since().ifPresent(since -> add("AND e.pushed_at >= ?", Columns.time(since)));
        filter.before().ifPresent(before -> add("AND e.pushed_at < ?", Columns.time(before)));
    }

    // OFFSET 0 keeps the planner from answering for all rows of the table at once.
    private static final String NEEDED_BY_NOTHING = """
            NOT EXISTS (
                SELECT FROM manifest_child c
                JOIN manifest q ON q.organization_id = c.organization_id AND q.repository_id = c.repository_id
                    AND q.digest = c.manifest_digest
                WHERE c.organization_id = e.organization_id AND c.repository_id = e.repository_id
                    AND c.child_digest = e.manifest_digest AND q.deleted_at IS NULL
                OFFSET 0)
            AND (k.subject_digest IS NULL OR NOT EXISTS (
                SELECT FROM manifest q
                WHERE q.organization_id = e.organization_id AND q.repository_id = e.repository_id
                    AND q.digest = k.subject_digest AND q.deleted_at IS NULL
                OFFSET 0))
            """;

    private void runsOn(RunsOn platform) {
        add("AND (");
        is("k", platform);
        add("""
                OR EXISTS (
                    SELECT FROM manifest_child c
                    CROSS JOIN LATERAL (
                        SELECT q.operating_system, q.architecture, q.variant
                        FROM manifest q
                        WHERE q.organization_id = c.organization_id AND q.repository_id = c.repository_id
                            AND q.digest = c.child_digest
                        LIMIT 1) q
                    WHERE c.organization_id = e.organization_id AND c.repository_id = e.repository_id
                        AND c.manifest_digest = e.manifest_digest AND
                """);
        is("q", platform);
        add("OFFSET 0))");
    }

    private void is(String manifest, RunsOn platform) {
        add(
                "%1$s.operating_system = ? AND %1$s.architecture = ?".formatted(manifest),
                platform.operatingSystem(),
                platform.architecture());
        platform.variant().ifPresent(variant -> add("AND %s.variant = ?".formatted(manifest), variant));
    }

    private static TextArray texts(Stream<String> values) {
        return new TextArray(values.toList());
    }

    private static String order(String from, Sorting sorting) {
        String end = sorting.direction() == Sorting.Direction.UP ? "" : " DESC";
        List<String> keys =
                switch (sorting.key()) {
                    case NAME -> List.of("name", "manifest_digest");
                    case PUSHED -> List.of("pushed_at", "manifest_digest", "repository_id");
                    case SIZE -> List.of("total_size", "manifest_digest", "repository_id");
                };
        return String.join(
                ", ", keys.stream().map(key -> from + '.' + key + end).toList());
    }
}
