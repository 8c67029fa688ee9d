package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tags: which manifest each of them names now. */
@Singleton
public class TagStore {

    private static final String NEW_TAG = """
            INSERT INTO tag (organization_id, repository_id, name, manifest_digest, total_size)
            VALUES (?, ?, ?, ?, (
                SELECT m.total_size
                FROM manifest m
                WHERE m.organization_id = ? AND m.repository_id = ? AND m.digest = ?))
            ON CONFLICT (organization_id, repository_id, name) DO NOTHING
            """;

    private static final String TAG_TO_UPDATE = """
            SELECT manifest_digest, pushed_at
            FROM tag
            WHERE organization_id = ? AND repository_id = ? AND name = ?
            FOR UPDATE
            """;

    // With the change itself, which comes behind the tag's lock: a rule that was there before the tag was locked is
    // seen,
    // and no push asks for rules in a statement of its own.
    private static final String RULES = """
            RETURNING ARRAY(
                SELECT i.tag_pattern
                FROM immutability_rule i
                WHERE i.organization_id = tag.organization_id AND i.repository_id IS NULL
                UNION ALL
                SELECT i.tag_pattern
                FROM immutability_rule i
                WHERE i.organization_id = tag.organization_id AND i.repository_id = tag.repository_id)
            """;

    private static final String MOVE = """
            UPDATE tag
            SET manifest_digest = m.digest, total_size = m.total_size, pushed_at = clock_timestamp()
            FROM manifest m
            WHERE m.organization_id = tag.organization_id AND m.repository_id = tag.repository_id AND m.digest = ?
                AND tag.organization_id = ? AND tag.repository_id = ? AND tag.name = ?
            """ + RULES;

    // What an undo wrote says nothing of a push; and where the push is told of no more, the manifest's own was not
    // later.
    private static final String DATE_AS_PUSHED = """
            UPDATE tag
            SET pushed_at = coalesce(
                (
                    SELECT e.at
                    FROM event e
                    WHERE e.organization_id = tag.organization_id AND e.repository_id = tag.repository_id
                        AND e.tag = tag.name AND e.to_digest = tag.manifest_digest AND e.undoes IS NULL
                    ORDER BY e.id DESC
                    LIMIT 1),
                (
                    SELECT m.pushed_at
                    FROM manifest m
                    WHERE m.organization_id = tag.organization_id AND m.repository_id = tag.repository_id
                        AND m.digest = tag.manifest_digest))
            WHERE organization_id = ? AND repository_id = ? AND name = ?
            """;

    private static final String DELETE = """
            DELETE FROM tag
            WHERE organization_id = ? AND repository_id = ? AND name = ?
            """ + RULES;

    private static final String TAGS_ON_MANIFEST = """
            SELECT name
            FROM tag
            WHERE organization_id = ? AND repository_id = ? AND manifest_digest = ?
            ORDER BY name
            FOR UPDATE
            """;

    private static final String TAGS_AFTER = """
            SELECT name
            FROM tag
            WHERE organization_id = ? AND repository_id = ? AND name > ?
            ORDER BY name
            LIMIT ?
            """;

    /**
     * What a tag names.
     *
     * @param digest the manifest
     * @param pushedAt when the tag was pushed last, also to where it was
     */
    public record Pushed(Digest digest, Instant pushedAt) {}

    /** Makes the tag; false where it is there already. */
    public boolean insert(Transaction transaction, RepositoryKey repository, Tag tag, Digest digest) {
        return transaction.change(
                        NEW_TAG,
                        organization(repository),
                        id(repository),
                        tag.value(),
                        digest.toString(),
                        organization(repository),
                        id(repository),
                        digest.toString())
                == 1;
    }

    /** Locks the tag and answers the manifest that it names; empty where there is no such tag. */
    public Optional<Digest> lock(Transaction transaction, RepositoryKey repository, Tag tag) {
        return transaction.first(
                TAG_TO_UPDATE,
                row -> Digest.parse(row.getString(1)).orElseThrow(),
                organization(repository),
                id(repository),
                tag.value());
    }

    /** Locks the tag and answers what it names since when; empty where there is no such tag. */
    public Optional<Pushed> lockAsPushed(Transaction transaction, RepositoryKey repository, Tag tag) {
        return transaction.first(
                TAG_TO_UPDATE,
                row -> new Pushed(
                        Digest.parse(row.getString(1)).orElseThrow(),
                        row.getObject(2, OffsetDateTime.class).toInstant()),
                organization(repository),
                id(repository),
                tag.value());
    }

    /**
     * Lets a locked tag name a manifest, the same one or another, and renews its push date.
     *
     * @return which tags of the repository are immutable: a caller who has moved one of them gives the transaction up
     */
    public List<TagPattern> move(Transaction transaction, RepositoryKey repository, Tag tag, Digest digest) {
        return transaction
                .first(
                        MOVE,
                        TagStore::patterns,
                        digest.toString(),
                        organization(repository),
                        id(repository),
                        tag.value())
                .orElseThrow();
    }

    /**
     * Dates a locked tag by the last push of it to the manifest that it names, before the event is told of that brought it
     * back there.
     */
    public void dateAsPushed(Transaction transaction, RepositoryKey repository, Tag tag) {
        transaction.change(DATE_AS_PUSHED, organization(repository), id(repository), tag.value());
    }

    /**
     * Removes a locked tag.
     *
     * @return which tags of the repository are immutable: a caller who has removed one of them gives the transaction up
     */
    public List<TagPattern> delete(Transaction transaction, RepositoryKey repository, Tag tag) {
        return transaction
                .first(DELETE, TagStore::patterns, organization(repository), id(repository), tag.value())
                .orElseThrow();
    }

    /** Locks and answers all tags on a manifest, which the caller has locked, so that none can be added. */
    public List<Tag> lockTagsOn(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction.all(
                TAGS_ON_MANIFEST,
                row -> new Tag(row.getString(1)),
                organization(repository),
                id(repository),
                digest.toString());
    }

    /** Tags in byte order, from behind {@code after}. */
    public List<String> after(Transaction transaction, RepositoryKey repository, String after, int limit) {
        return transaction.all(
                TAGS_AFTER, row -> row.getString(1), organization(repository), id(repository), after, limit);
    }

    private static List<TagPattern> patterns(ResultSet row) throws SQLException {
        String[] texts = (String[]) row.getArray(1).getArray();
        return Stream.of(texts).map(TagPattern::new).toList();
    }

    private static long organization(RepositoryKey repository) {
        return repository.organization().value();
    }

    private static long id(RepositoryKey repository) {
        return repository.repository().value();
    }
}
