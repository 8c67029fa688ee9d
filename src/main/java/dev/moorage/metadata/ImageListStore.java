package dev.moorage.metadata;

import dev.moorage.metadata.ImageQuestion.Source;
import dev.moorage.metadata.ImageQuestion.Wanted;
import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryPrefix;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Images across repositories: manifests that have a tag, or that nothing else needs.
 *
 * <p>A question looks at so many manifests in their order, and answers those that match and the one where looking ended.
 */
@Singleton
public class ImageListStore {

    /** How many manifests one question looks at, where it looks further than for what is to be answered. */
    public static final int EXAMINED = 500;

    /** How many it looks at in any case, for a short page of many repositories. */
    public static final int FIRST_EXAMINED = 100;

    /** Into how many repositories one question by name looks at most. */
    public static final int REPOSITORIES = ImageCandidates.NEAREST - 1;

    // Each prefix is an organization, or one run of the index of repositories' names.
    private static final String SOURCES = """
            SELECT run.*
            FROM unnest(?::text[]) AS prefix (value)
            CROSS JOIN LATERAL (
                SELECT o.id, NULL::bigint
                FROM organization o
                WHERE strpos(prefix.value, '/') = 0 AND o.deleted_at IS NULL AND o.name = prefix.value
                UNION ALL
                SELECT r.organization_id, r.id
                FROM repository r
                WHERE strpos(prefix.value, '/') > 0 AND r.deleted_at IS NULL AND r.name = prefix.value %1$s
                UNION ALL
                SELECT r.organization_id, r.id
                FROM repository r
                WHERE strpos(prefix.value, '/') > 0 AND r.deleted_at IS NULL
                    AND r.name > (prefix.value || '/') COLLATE "C" AND r.name < prefix.value || '0' %1$s) run
            LIMIT ?
            """.formatted(Columns.EACH_IN_LIVE_ORGANIZATION);

    /**
     * An image, or the manifest where looking ended.
     *
     * @param repository the repository's name; empty where that is gone
     * @param identity the repository's number
     * @param pushedAt when it was pushed
     * @param tags the tags on it that match, the first hundred
     * @param labels its labels as JSON, where they were asked for and have 16 KiB at most
     * @param facts what else is known of it
     * @param matches whether it is as the question says
     * @param last whether looking ended with it
     */
    public record Row(
            String repository,
            RepositoryId identity,
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

    /**
     * Images that match, and the manifest where looking ended, in the order that was asked for.
     *
     * @param limit how many at most
     * @param examined how many manifests are looked at, about
     */
    @AcrossTenants("what the caller may pull, in whatever organization")
    public List<Row> page(Transaction transaction, Wanted wanted, int limit, int examined) {
        SqlText question = ImageQuestion.of(wanted, limit, examined);
        return transaction.all(question.text(), ImageListStore::row, question.parameters());
    }

    /** The organizations that some prefixes are, and the repositories within the others. */
    @AcrossTenants("what the caller may pull, in whatever organization")
    public List<Source> sources(Transaction transaction, Collection<RepositoryPrefix> prefixes, int limit) {
        return transaction.all(
                SOURCES,
                row -> new Source(
                        new OrganizationId(row.getLong(1)),
                        Optional.ofNullable(row.getObject(2, Long.class)).map(RepositoryId::new)),
                new TextArray(prefixes.stream().map(RepositoryPrefix::value).toList()),
                limit);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                Optional.ofNullable(row.getString("name")).orElse(""),
                new RepositoryId(row.getLong("repository_id")),
                Columns.instant(row, row.findColumn("pushed_at")).orElseThrow(),
                List.of((String[]) row.getArray("tags").getArray()),
                Optional.ofNullable(row.getString("labels")),
                ManifestFacts.of(row),
                row.getBoolean("matches"),
                row.getBoolean("last"));
    }
}
