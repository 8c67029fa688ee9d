package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Glob;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Sorting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A statement that asks for images, put together of a few fixed parts and its parameters. */
public final class ImageQuestion {

    private final SqlText text = new SqlText();

    private ImageQuestion() {}

    /** Where images are looked for. */
    public sealed interface Scope {

        /** In all repositories, by push date or size. */
        record Everywhere() implements Scope {}

        /** In some organizations and repositories, none of which lies within another one, by push date or size. */
        record Some(List<Source> sources) implements Scope {

            /** Keeps its own copy. */
            public Some {
                sources = List.copyOf(sources);
            }
        }

        /** In these repositories, by name; in the order of their names, a few of them. */
        record Named(List<NamedSource> repositories) implements Scope {

            /** Keeps its own copy. */
            public Named {
                repositories = List.copyOf(repositories);
            }
        }
    }

    /**
     * Where images are, in the order of an index.
     *
     * @param organization the organization
     * @param repository the repository; empty for all of the organization
     */
    public record Source(OrganizationId organization, Optional<RepositoryId> repository) {}

    /**
     * A repository.
     *
     * @param key which one
     * @param name its name
     * @param after behind which digest it is looked at; empty for all of it
     */
    public record NamedSource(RepositoryKey key, RepositoryName name, String after) {}

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
     * A place in the order by push date or size.
     *
     * @param pushedAt the push date, where the order is by that
     * @param size the size in bytes, where the order is by that
     * @param digest the manifest
     * @param repository the repository, one or none of the caller's: numbers are compared, and nothing is looked up
     */
    public record Place(Instant pushedAt, long size, String digest, long repository) {}

    /**
     * A question.
     *
     * @param after behind which place, where the order is by push date or size
     */
    public record Wanted(Scope scope, Sorting sorting, Optional<Place> after, Filter filter, Labels labels) {}

    /**
     * The statement.
     *
     * @param limit how many images it answers at most
     * @param examined how many manifests it looks at, about
     */
    static SqlText of(Wanted wanted, int limit, int examined) {
        ImageQuestion question = new ImageQuestion();
        question.ask(wanted, limit, examined);
        return question.text;
    }

    private void ask(Wanted wanted, int limit, int examined) {
        String order = ImageCandidates.order("e", wanted);
        ImageCandidates.with(text, wanted, examined);
        text.add(
                "SELECT page.name, page.pushed_at, page.repository_id, page.tags, page.labels, page.matches, page.last,"
                        + ManifestFacts.COLUMNS + """
                FROM (
                    SELECT *
                    FROM (
                        SELECT e.*, tagged.tags, k.labels, (
                """);
        matches(wanted.filter());
        text.add(") AS matches FROM (");
        ImageCandidates.from(text, wanted, examined);
        text.add(
                """
                ) e
                LEFT JOIN LATERAL (
                    SELECT k.subject_digest, k.artifact_type, k.operating_system, k.architecture, k.variant,
                        k.label_extracts,
                        CASE WHEN ? AND octet_length(k.labels::text) <= 16384 THEN k.labels::text END AS labels
                    FROM manifest k
                    WHERE e.name IS NOT NULL AND k.organization_id = e.organization_id
                        AND k.repository_id = e.repository_id AND k.digest = e.manifest_digest
                    LIMIT 1) k ON true
                CROSS JOIN LATERAL (
                    SELECT ARRAY(
                        SELECT t.name
                        FROM tag t
                        WHERE e.name IS NOT NULL AND t.organization_id = e.organization_id
                            AND t.repository_id = e.repository_id AND t.manifest_digest = e.manifest_digest
                            AND t.name LIKE ?
                        ORDER BY t.name
                        LIMIT 100) AS tags) tagged) e
                """,
                wanted.labels() == Labels.SHOWN,
                wanted.filter().tag().map(Glob::value).map(Like::of).orElse(Like.ANYTHING));
        text.add("WHERE e.matches OR e.last ORDER BY " + order + " LIMIT ?) page ", limit);
        text.add(ManifestFacts.JOINS + " ORDER BY " + ImageCandidates.order("page", wanted));
    }

    private void matches(Filter filter) {
        text.add(
                "e.name IS NOT NULL AND e.name LIKE ?",
                Like.of(filter.repository().value()));
        if (filter.tag().isPresent() || filter.standing() == Standing.TAGGED) {
            text.add("AND cardinality(tagged.tags) > 0");
        }
        switch (filter.standing()) {
            case ALL, TAGGED -> {}
            case IMAGES -> text.add("AND (cardinality(tagged.tags) > 0 OR " + NEEDED_BY_NOTHING + ")");
            case DANGLING -> text.add("AND cardinality(tagged.tags) = 0 AND " + NEEDED_BY_NOTHING);
        }
        if (!filter.labels().isEmpty()) {
            text.add("AND k.label_extracts @> ?::text[]", new TextArray(filter.labels()));
        }
        filter.platform().ifPresent(this::runsOn);
        filter.artifactType().ifPresent(type -> text.add("AND k.artifact_type = ?", type));
        filter.since().ifPresent(since -> text.add("AND e.pushed_at >= ?", Columns.time(since)));
        filter.before().ifPresent(before -> text.add("AND e.pushed_at < ?", Columns.time(before)));
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
        text.add("AND (");
        is("k", platform);
        text.add("""
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
        text.add("OFFSET 0))");
    }

    private void is(String manifest, RunsOn platform) {
        text.add(
                "%1$s.operating_system = ? AND %1$s.architecture = ?".formatted(manifest),
                platform.operatingSystem(),
                platform.architecture());
        platform.variant().ifPresent(variant -> text.add("AND %s.variant = ?".formatted(manifest), variant));
    }
}
