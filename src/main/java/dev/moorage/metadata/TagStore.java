package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Tags: which manifest each of them names now. */
@ApplicationScoped
public class TagStore {

    private static final String NEW_TAG = """
            INSERT INTO tag (organization_id, repository_id, name, manifest_digest)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (organization_id, repository_id, name) DO NOTHING
            """;

    private static final String TAG_TO_UPDATE = """
            SELECT manifest_digest
            FROM tag
            WHERE organization_id = ? AND repository_id = ? AND name = ?
            FOR UPDATE
            """;

    private static final String MOVE = """
            UPDATE tag
            SET manifest_digest = ?, pushed_at = clock_timestamp()
            WHERE organization_id = ? AND repository_id = ? AND name = ?
            """;

    private static final String DELETE = """
            DELETE FROM tag
            WHERE organization_id = ? AND repository_id = ? AND name = ?
            """;

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

    /** Makes the tag; false where it is there already. */
    public boolean insert(Transaction transaction, RepositoryKey repository, Tag tag, Digest digest) {
        return transaction.change(NEW_TAG, organization(repository), id(repository), tag.value(), digest.toString())
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

    /** Lets a locked tag name a manifest, the same one or another, and renews its push date. */
    public void move(Transaction transaction, RepositoryKey repository, Tag tag, Digest digest) {
        transaction.change(MOVE, digest.toString(), organization(repository), id(repository), tag.value());
    }

    /** Removes a locked tag. */
    public void delete(Transaction transaction, RepositoryKey repository, Tag tag) {
        transaction.change(DELETE, organization(repository), id(repository), tag.value());
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

    private static long organization(RepositoryKey repository) {
        return repository.organization().value();
    }

    private static long id(RepositoryKey repository) {
        return repository.repository().value();
    }
}
