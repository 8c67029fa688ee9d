package dev.moorage.metadata;

import dev.moorage.metadata.ImageQuestion.Wanted;
import dev.moorage.name.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Images across repositories: manifests that have a tag, or that nothing else needs.
 *
 * <p>A question looks at so many manifests in their order, and answers those that match and the one where looking ended.
 */
@ApplicationScoped
public class ImageListStore {

    /** How many manifests one question looks at, unless more are to be answered; and ten times as many rows of indexes. */
    public static final int EXAMINED = 500;

    /**
     * An image, or the manifest where looking ended.
     *
     * @param repository the repository's name; empty where that is gone
     * @param pushedAt when it was pushed
     * @param tags the tags on it that match, the first hundred
     * @param labels its labels as JSON, where they were asked for and have 16 KiB at most
     * @param facts what else is known of it
     * @param matches whether it is as the question says
     * @param last whether looking ended with it
     */
    public record Row(
            String repository,
            Instant pushedAt,
            List<String> tags,
            Optional<String> labels,
            ManifestFacts facts,
            boolean matches,
            boolean last) {

        /** Keeps its own copy of the tags. */
        public Row {
            tags = List.copyOf(tags);
        }

        /** The manifest. */
        public Digest digest() {
            return facts.digest();
        }
    }

    /** Images that match, and the manifest where looking ended, in the order that was asked for. */
    @AcrossTenants("what the caller may pull, in whatever organization")
    public List<Row> page(Transaction transaction, Wanted wanted, int limit) {
        ImageQuestion question = ImageQuestion.of(wanted, limit);
        return transaction.all(question.text(), ImageListStore::row, question.parameters());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                Optional.ofNullable(row.getString("name")).orElse(""),
                Columns.instant(row, row.findColumn("pushed_at")).orElseThrow(),
                List.of((String[]) row.getArray("tags").getArray()),
                Optional.ofNullable(row.getString("labels")),
                ManifestFacts.of(row),
                row.getBoolean("matches"),
                row.getBoolean("last"));
    }
}
