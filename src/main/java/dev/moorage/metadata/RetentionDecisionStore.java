package dev.moorage.metadata;

import dev.moorage.metadata.RetentionFacts.OfManifest;
import dev.moorage.metadata.RetentionFacts.OfTag;
import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Amount;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** What previews and runs have decided, about each tag and each manifest, and what became of it. */
@Singleton
public class RetentionDecisionStore {

    private static final String NEW_DECISIONS = """
            INSERT INTO retention_decision (organization_id, run_id, place, repository_id, kind, name, digest, pushed_at, size,
                dropped, because)
            SELECT ?, ?, ? + d.place, ?, ?, d.name, nullif(d.digest, ''), nullif(d.pushed_at, '')::timestamptz,
                nullif(d.size, '')::integer, d.fate = 'dropped', d.because
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                WITH ORDINALITY AS d (name, digest, pushed_at, size, fate, because, place)
            """;

    private static final String DUE = """
            SELECT d.repository_id, d.name, d.digest, d.pushed_at, d.because
            FROM retention_decision d
            WHERE d.organization_id = ? AND d.run_id = ? AND d.kind = ? AND d.dropped AND d.outcome IS NULL
                AND (d.repository_id, d.name) > (?, ?)
            ORDER BY d.repository_id, d.name
            LIMIT ?
            """;

    private static final String SETTLE = """
            UPDATE retention_decision d
            SET outcome = settled.outcome
            FROM unnest(?::text[], ?::text[]) AS settled (name, outcome)
            WHERE d.organization_id = ? AND d.run_id = ? AND d.kind = ? AND d.repository_id = ? AND d.name = settled.name
            """;

    // The last clause finds one manifest that stays, or none. Those of a repository that is deleted do not count.
    private static final String FREE = """
            INSERT INTO retention_blob (organization_id, run_id, digest, size)
            SELECT ?, ?, b.digest, b.size
            FROM (
                SELECT DISTINCT r.blob_digest
                FROM manifest_blob r
                WHERE r.organization_id = ? AND r.repository_id = ? AND r.manifest_digest = ANY (?)) used
            JOIN blob b ON b.digest = used.blob_digest
            WHERE NOT EXISTS (
                    SELECT
                    FROM retention_blob k
                    WHERE k.organization_id = ? AND k.run_id = ? AND k.digest = used.blob_digest)
                AND NOT EXISTS (
                    SELECT
                    FROM repository_blob l
                    JOIN repository r ON r.organization_id = l.organization_id AND r.id = l.repository_id
                    JOIN manifest_blob o ON o.organization_id = l.organization_id AND o.repository_id = l.repository_id
                        AND o.blob_digest = l.digest
                    JOIN manifest m ON m.organization_id = o.organization_id AND m.repository_id = o.repository_id
                        AND m.digest = o.manifest_digest
                    WHERE l.digest = used.blob_digest AND l.organization_id = ? AND r.deleted_at IS NULL
                        AND m.deleted_at IS NULL
                        AND NOT EXISTS (
                            SELECT
                            FROM retention_decision d
                            WHERE d.organization_id = ? AND d.run_id = ? AND d.kind = 'manifest'
                                AND d.repository_id = m.repository_id AND d.name = m.digest AND d.dropped))
            ON CONFLICT DO NOTHING
            """;

    private static final String FREED = """
            SELECT count(*), coalesce(sum(size), 0)
            FROM retention_blob
            WHERE organization_id = ? AND run_id = ?
            """;

    private static final String PAGE = """
            SELECT d.place, r.name, d.kind, d.name, d.digest, d.dropped, d.because, d.outcome
            FROM (
                SELECT *
                FROM retention_decision
                WHERE organization_id = ? AND run_id = ? AND place > ? %s
                ORDER BY place
                LIMIT ?) d
            LEFT JOIN repository r ON r.organization_id = d.organization_id AND r.id = d.repository_id
            ORDER BY d.place
            """;

    private static final String ALL_AFTER = PAGE.formatted("");
    private static final String DROPPED_AFTER = PAGE.formatted("AND dropped");

    private static final String NEW_CONFLICT = """
            INSERT INTO retention_decision (organization_id, run_id, place, repository_id, kind, name, digest, dropped, because,
                outcome)
            VALUES (?, ?, ?, ?, ?, ?, ?, false, ?, ?)
            """;

    /** About what something was decided. */
    public enum Kind {
        TAG,
        MANIFEST;

        /** The kind as rows and answers write it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What an undo left as it was.
     *
     * @param place its place in the undo
     * @param kind about what
     * @param name the tag, or the digest
     * @param digest what a tag named, or was to name
     * @param because what stands against it
     * @param outcome the same in a word
     */
    public record Conflict(
            long place, Kind kind, String name, Optional<Digest> digest, String because, String outcome) {}

    /** Which decisions of a run are read. */
    public enum Which {
        ALL,
        DROPPED
    }

    /**
     * A decision about something.
     *
     * @param about the tag or the manifest
     * @param dropped whether it goes
     * @param because the rule, or what else keeps it
     */
    public record Decided<T>(T about, boolean dropped, String because) {}

    /**
     * Something that goes, and has not gone yet.
     *
     * @param repository the identity of its repository
     * @param name the tag, or the digest
     * @param digest what a tag named when it was decided about
     * @param pushedAt when the tag was pushed then
     * @param because the rules that let it go
     */
    public record Due(
            long repository, String name, Optional<Digest> digest, Optional<Instant> pushedAt, String because) {}

    /**
     * A decision as it is shown.
     *
     * @param place its place in the run
     * @param repository in which repository; empty where that is gone for good
     * @param outcome what became of it, once it was tried
     */
    public record Row(
            long place,
            Optional<RepositoryName> repository,
            String kind,
            String name,
            Optional<String> digest,
            boolean dropped,
            String because,
            Optional<String> outcome) {}

    /** Writes down what was decided about tags of a repository, behind {@code place} in the run. */
    public void tags(
            Transaction transaction, RepositoryKey repository, UUID run, long place, List<Decided<OfTag>> decided) {
        insert(
                transaction,
                repository,
                run,
                place,
                Kind.TAG,
                decided,
                tag -> List.of(
                        tag.name().value(),
                        tag.digest().toString(),
                        tag.pushedAt().toString(),
                        ""));
    }

    /** Writes down what was decided about manifests of a repository, behind {@code place} in the run. */
    public void manifests(
            Transaction transaction,
            RepositoryKey repository,
            UUID run,
            long place,
            List<Decided<OfManifest>> decided) {
        insert(
                transaction,
                repository,
                run,
                place,
                Kind.MANIFEST,
                decided,
                manifest -> List.of(manifest.digest().toString(), "", "", Integer.toString(manifest.size())));
    }

    private static <T> void insert(
            Transaction transaction,
            RepositoryKey repository,
            UUID run,
            long place,
            Kind kind,
            List<Decided<T>> decided,
            Function<T, List<String>> columns) {
        List<List<String>> values =
                decided.stream().map(one -> columns.apply(one.about())).toList();
        transaction.change(
                NEW_DECISIONS,
                repository.organization().value(),
                run,
                place,
                repository.repository().value(),
                kind.text(),
                column(values, 0),
                column(values, 1),
                column(values, 2),
                column(values, 3),
                new TextArray(decided.stream()
                        .map(one -> one.dropped() ? "dropped" : "kept")
                        .toList()),
                new TextArray(decided.stream().map(Decided::because).toList()));
    }

    private static TextArray column(List<List<String>> rows, int index) {
        return new TextArray(rows.stream().map(row -> row.get(index)).toList());
    }

    /** Writes down what an undo left as it was. */
    public void conflicts(Transaction transaction, RepositoryKey repository, UUID run, List<Conflict> conflicts) {
        conflicts.forEach(conflict -> transaction.change(
                NEW_CONFLICT,
                repository.organization().value(),
                run,
                conflict.place(),
                repository.repository().value(),
                conflict.kind().text(),
                conflict.name(),
                conflict.digest().map(Digest::toString),
                conflict.because(),
                conflict.outcome()));
    }

    /** What goes and has not been tried, by repository and name, from behind a place. */
    public List<Due> due(
            Transaction transaction,
            OrganizationId organization,
            UUID run,
            Kind kind,
            RetentionRun.Place after,
            int limit) {
        return transaction.all(
                DUE,
                RetentionDecisionStore::due,
                organization.value(),
                run,
                kind.text(),
                after.repository(),
                after.name(),
                limit);
    }

    /** Writes down what became of some of what goes. */
    public void settle(
            Transaction transaction, RepositoryKey repository, UUID run, Kind kind, Map<String, String> outcomes) {
        List<String> names = List.copyOf(outcomes.keySet());
        transaction.change(
                SETTLE,
                new TextArray(names),
                new TextArray(names.stream().map(outcomes::get).toList()),
                repository.organization().value(),
                run,
                kind.text(),
                repository.repository().value());
    }

    /** Notes the blobs of these manifests that no manifest of the organization references but those that go. */
    public void free(Transaction transaction, RepositoryKey repository, UUID run, Collection<String> manifests) {
        long organization = repository.organization().value();
        transaction.change(
                FREE,
                organization,
                run,
                organization,
                repository.repository().value(),
                new TextArray(List.copyOf(manifests)),
                organization,
                run,
                organization,
                organization,
                run);
    }

    /** The blobs that {@link #free} has noted. */
    public Amount freed(Transaction transaction, OrganizationId organization, UUID run) {
        return transaction
                .first(FREED, row -> new Amount(row.getLong(1), row.getLong(2)), organization.value(), run)
                .orElseThrow();
    }

    /** Decisions of a run in the order in which they were made, from behind a place. */
    public List<Row> page(
            Transaction transaction, OrganizationId organization, UUID run, Which which, long after, int limit) {
        return transaction.all(
                which == Which.ALL ? ALL_AFTER : DROPPED_AFTER,
                RetentionDecisionStore::row,
                organization.value(),
                run,
                after,
                limit);
    }

    private static Due due(ResultSet row) throws SQLException {
        return new Due(
                row.getLong(1),
                row.getString(2),
                Optional.ofNullable(row.getString(3)).flatMap(Digest::parse),
                Columns.instant(row, 4),
                row.getString(5));
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                Optional.ofNullable(row.getString(2)).map(RepositoryName::new),
                row.getString(3),
                row.getString(4),
                Optional.ofNullable(row.getString(5)),
                row.getBoolean(6),
                row.getString(7),
                Optional.ofNullable(row.getString(8)));
    }
}
