package dev.moorage.metadata;

import dev.moorage.name.Digest;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Manifests that name another one as their subject. */
@Singleton
public class ReferrerStore {

    // The page is cut inside, behind the one row of the repository: an order outside would sort all referrers for each
    // page.
    private static final String MATCHING = """
            SELECT page.*
            FROM repository r
            CROSS JOIN LATERAL (
                SELECT m.digest, m.media_type, m.size, m.artifact_type, m.annotations
                FROM manifest m
                WHERE m.organization_id = r.organization_id AND m.repository_id = r.id AND m.deleted_at IS NULL
                    AND m.subject_digest = ? AND m.digest > ? %s
                ORDER BY m.digest
                LIMIT ?) page
            WHERE r.name = ? AND r.deleted_at IS NULL /* guard */
            """;

    // Annotations are never larger than their manifests: the sizes alone say how many fit, before any is read.
    // The first that does not fit is told without them.
    private static final String FITTING = """
            SELECT digest, media_type, size, artifact_type, fits, CASE WHEN fits THEN annotations END AS annotations
            FROM (
                SELECT measured.*, bytes <= ? OR place = 1 AS fits
                FROM (
                    SELECT matching.*, sum(size) OVER page AS bytes, row_number() OVER page AS place
                    FROM (%s) matching
                    WINDOW page AS (ORDER BY digest ROWS UNBOUNDED PRECEDING)) measured
                WHERE bytes - size <= ? OR place = 2) told
            ORDER BY digest
            """;

    private static final String REFERRERS_AFTER = FITTING.formatted(MATCHING.formatted(""));
    private static final String REFERRERS_OF_TYPE_AFTER =
            FITTING.formatted(MATCHING.formatted("AND m.artifact_type = ?"));
    private static final String PLACE_OF_GUARD = "/* guard */";

    /**
     * A page of referrers.
     *
     * @param items the referrers
     * @param more whether some come behind them
     */
    public record Found(List<Referrer> items, boolean more) {

        /** Keeps its own copy of the items. */
        public Found {
            items = List.copyOf(items);
        }
    }

    /**
     * One referrer.
     *
     * @param digest its digest
     * @param mediaType its media type
     * @param size its size in bytes
     * @param artifactType what kind of artifact it is
     * @param annotations its annotations as JSON
     */
    public record Referrer(
            Digest digest, String mediaType, int size, Optional<String> artifactType, Optional<String> annotations) {}

    /**
     * Referrers by digest, from behind {@code after}, of one artifact type or of all.
     *
     * @param size how many at most
     * @param bytes how large their manifests are together at most; a single one may be larger
     */
    public Found after(
            Transaction transaction,
            RepositoryScope repository,
            Digest subject,
            Optional<String> artifactType,
            String after,
            int size,
            long bytes) {
        List<Object> parameters = new ArrayList<>(List.of(subject.toString(), after));
        artifactType.ifPresent(parameters::add);
        parameters.addAll(List.of(size + 1, repository.name().value()));
        parameters.addAll(List.of(repository.guard().parameters()));
        parameters.add(bytes);
        parameters.addFirst(bytes);
        String statement = artifactType.isPresent() ? REFERRERS_OF_TYPE_AFTER : REFERRERS_AFTER;
        List<Told> rows = transaction.all(
                statement.replace(PLACE_OF_GUARD, repository.guard().conditions()),
                row -> new Told(referrer(row), row.getBoolean("fits")),
                parameters.toArray());
        List<Referrer> items = rows.stream()
                .limit(size)
                .takeWhile(Told::fits)
                .map(Told::referrer)
                .toList();
        return new Found(items, rows.size() > items.size());
    }

    /** A referrer, and whether there is room for it on the page. */
    private record Told(Referrer referrer, boolean fits) {}

    private static Referrer referrer(ResultSet row) throws SQLException {
        return new Referrer(
                Digest.parse(row.getString("digest")).orElseThrow(),
                row.getString("media_type"),
                row.getInt("size"),
                Optional.ofNullable(row.getString("artifact_type")),
                Optional.ofNullable(row.getString("annotations")));
    }
}
