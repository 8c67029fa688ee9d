package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Manifests that name another one as their subject. */
@ApplicationScoped
public class ReferrerStore {

    private static final String COLUMNS = """
            SELECT m.digest, m.media_type, m.size, m.artifact_type, m.annotations
            FROM repository r
            JOIN manifest m ON m.organization_id = r.organization_id AND m.repository_id = r.id
            WHERE r.name = ? AND r.deleted_at IS NULL AND m.deleted_at IS NULL
                AND m.subject_digest = ? AND m.digest > ?
            """;

    private static final String PAGE = """
            ORDER BY m.digest
            LIMIT ?
            """;

    private static final String REFERRERS_AFTER = COLUMNS + PAGE;
    private static final String REFERRERS_OF_TYPE_AFTER = COLUMNS + " AND m.artifact_type = ? " + PAGE;

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

    /** Referrers by digest, from behind {@code after}, of one artifact type or of all. */
    public List<Referrer> after(
            Transaction transaction,
            RepositoryName repository,
            Digest subject,
            Optional<String> artifactType,
            String after,
            int limit) {
        Transaction.RowMapper<Referrer> mapper = row -> new Referrer(
                Digest.parse(row.getString(1)).orElseThrow(),
                row.getString(2),
                row.getInt(3),
                Optional.ofNullable(row.getString(4)),
                Optional.ofNullable(row.getString(5)));
        return artifactType.isPresent()
                ? transaction.all(
                        REFERRERS_OF_TYPE_AFTER,
                        mapper,
                        repository.value(),
                        subject.toString(),
                        after,
                        artifactType.get(),
                        limit)
                : transaction.all(REFERRERS_AFTER, mapper, repository.value(), subject.toString(), after, limit);
    }
}
