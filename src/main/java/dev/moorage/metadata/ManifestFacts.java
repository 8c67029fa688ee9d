package dev.moorage.metadata;

import dev.moorage.name.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What lists show of a manifest beside its name.
 *
 * @param digest its digest
 * @param mediaType its media type
 * @param artifactType what kind of artifact it is
 * @param size its bytes and those of everything that it references
 * @param imageId the digest of its config
 * @param imageCreatedAt when the image was made, as its config says
 * @param platforms on what it runs, as {@code linux/arm64/v8}; of an index on what its first 100 manifests run
 * @param signed whether a signature of it lives beside it
 * @param lastPulledAt when it was pulled last, as far as that is counted already
 * @param pulls how often
 */
public record ManifestFacts(
        Digest digest,
        String mediaType,
        Optional<String> artifactType,
        long size,
        Optional<String> imageId,
        Optional<Instant> imageCreatedAt,
        List<String> platforms,
        boolean signed,
        Optional<Instant> lastPulledAt,
        long pulls) {

    /** Keeps its own copy of the platforms. */
    public ManifestFacts {
        platforms = List.copyOf(platforms);
    }

    // BuildKit's attestations say that they run on unknown/unknown.
    private static final String PLATFORMS = """
            CASE WHEN m.operating_system IS NOT NULL
            THEN ARRAY[concat_ws('/', m.operating_system, m.architecture, m.variant)]
            ELSE ARRAY(
                SELECT DISTINCT concat_ws('/', k.operating_system, k.architecture, k.variant) AS platform
                FROM (
                    SELECT c.child_digest
                    FROM manifest_child c
                    WHERE c.organization_id = page.organization_id AND c.repository_id = page.repository_id
                        AND c.manifest_digest = page.manifest_digest
                    ORDER BY c.child_digest
                    LIMIT 100) c
                CROSS JOIN LATERAL (
                    SELECT k.operating_system, k.architecture, k.variant
                    FROM manifest k
                    WHERE k.organization_id = page.organization_id AND k.repository_id = page.repository_id
                        AND k.digest = c.child_digest
                    LIMIT 1) k
                WHERE k.operating_system <> 'unknown'
                ORDER BY platform)
            END""";

    // OFFSET 0 keeps the planner from answering for all rows of the table at once.
    private static final String SIGNED_BY = """
            EXISTS (
                SELECT FROM manifest s
                WHERE s.organization_id = page.organization_id AND s.repository_id = page.repository_id
                    AND s.subject_digest = page.manifest_digest AND s.deleted_at IS NULL AND s.artifact_type %s
                OFFSET 0)
            """;

    // By the referrers API, as cosign, Sigstore's bundles and notation do; or by cosign's tag.
    private static final String SIGNED =
            SIGNED_BY.formatted(">= 'application/vnd.dev.cosign' AND s.artifact_type < 'application/vnd.dev.cosigo'")
                    + " OR "
                    + SIGNED_BY.formatted(">= 'application/vnd.dev.sigstore.bundle' AND s.artifact_type < "
                            + "'application/vnd.dev.sigstore.bundlf'")
                    + " OR " + SIGNED_BY.formatted("= 'application/vnd.cncf.notary.signature'") + """
            OR EXISTS (
                SELECT FROM tag g
                WHERE g.organization_id = page.organization_id AND g.repository_id = page.repository_id
                    AND g.name = replace(page.manifest_digest, ':', '-') || '.sig'
                OFFSET 0)
            """;

    /** The columns, of a {@code page} with organization, repository and the digest of a manifest. */
    static final String COLUMNS = """
            page.manifest_digest, m.media_type, m.artifact_type, m.total_size, m.image_id, m.image_created,
            %s AS platforms, (%s) AS signed, p.last_pulled_at, coalesce(p.pulls, 0) AS pulls
            """.formatted(PLATFORMS, SIGNED);

    /** Where they come from. Each is cut at one row, so that no plan reads other rows than these. */
    static final String JOINS = """
            CROSS JOIN LATERAL (
                SELECT m.media_type, m.artifact_type, m.total_size, m.image_id, m.image_created, m.operating_system,
                    m.architecture, m.variant
                FROM manifest m
                WHERE m.organization_id = page.organization_id AND m.repository_id = page.repository_id
                    AND m.digest = page.manifest_digest
                LIMIT 1) m
            LEFT JOIN LATERAL (
                SELECT p.last_pulled_at, p.pulls
                FROM manifest_pull p
                WHERE p.organization_id = page.organization_id AND p.repository_id = page.repository_id
                    AND p.digest = page.manifest_digest
                LIMIT 1) p ON true
            """;

    static ManifestFacts of(ResultSet row) throws SQLException {
        return new ManifestFacts(
                Digest.parse(row.getString("manifest_digest")).orElseThrow(),
                row.getString("media_type"),
                Optional.ofNullable(row.getString("artifact_type")),
                row.getLong("total_size"),
                Optional.ofNullable(row.getString("image_id")),
                Columns.instant(row, row.findColumn("image_created")),
                List.of((String[]) row.getArray("platforms").getArray()),
                row.getBoolean("signed"),
                Columns.instant(row, row.findColumn("last_pulled_at")),
                row.getLong("pulls"));
    }
}
