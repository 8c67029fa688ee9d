package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is known of one manifest beside its bytes. */
@Singleton
public class ManifestFactStore {

    private static final String ONE = """
            SELECT page.pushed_at, page.tags,
            """ + ManifestFacts.COLUMNS + """
            FROM (
                SELECT m.organization_id, m.repository_id, m.digest AS manifest_digest, m.pushed_at,
                    ARRAY(
                        SELECT t.name
                        FROM tag t
                        WHERE t.organization_id = m.organization_id AND t.repository_id = m.repository_id
                            AND t.manifest_digest = m.digest
                        ORDER BY t.name
                        LIMIT ?) AS tags
                FROM manifest m
                WHERE m.organization_id = ? AND m.repository_id = ? AND m.digest = ? AND m.deleted_at IS NULL) page
            """ + ManifestFacts.JOINS;

    /**
     * A manifest.
     *
     * @param facts what is known of it
     * @param pushedAt when it was pushed first
     * @param tags the first tags on it
     */
    public record Row(ManifestFacts facts, Instant pushedAt, List<String> tags) {

        /** Keeps its own copy. */
        public Row {
            tags = List.copyOf(tags);
        }
    }

    /** What is known of a manifest that is there, with so many of its tags at most. */
    public Optional<Row> find(Transaction transaction, RepositoryKey repository, Digest digest, int tags) {
        return transaction.first(
                ONE,
                ManifestFactStore::row,
                tags,
                repository.organization().value(),
                repository.repository().value(),
                digest.toString());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                ManifestFacts.of(row),
                Columns.instant(row, row.findColumn("pushed_at")).orElseThrow(),
                List.of((String[]) row.getArray("tags").getArray()));
    }
}
