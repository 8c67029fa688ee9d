package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is hidden and may be shown again, and what has to be locked for it: always in the order of keys. */
@Singleton
public class RestoreStore {

    private static final String LINKS_TO_UPDATE = """
            SELECT digest, deleted_at IS NOT NULL
            FROM repository_blob
            WHERE organization_id = ? AND repository_id = ? AND digest = ANY (?)
            ORDER BY digest
            FOR NO KEY UPDATE
            """;

    private static final String MANIFESTS_TO_UPDATE = """
            SELECT digest, deleted_at IS NOT NULL
            FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND digest = ANY (?)
            ORDER BY digest
            FOR NO KEY UPDATE
            """;

    private static final String MANIFESTS_THERE = """
            SELECT digest, deleted_at IS NOT NULL
            FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND digest = ANY (?)
            """;

    private static final String TAGS_TO_UPDATE = """
            SELECT name, manifest_digest
            FROM tag
            WHERE organization_id = ? AND repository_id = ? AND name = ANY (?)
            ORDER BY name
            FOR UPDATE
            """;

    private static final String LINKS_THERE = """
            SELECT digest, deleted_at IS NOT NULL
            FROM repository_blob
            WHERE organization_id = ? AND repository_id = ? AND digest = ANY (?)
            """;

    private static final String TAGS_THERE = """
            SELECT name, manifest_digest
            FROM tag
            WHERE organization_id = ? AND repository_id = ? AND name = ANY (?)
            """;

    private static final String BLOBS_OF = """
            SELECT DISTINCT blob_digest
            FROM manifest_blob
            WHERE organization_id = ? AND repository_id = ? AND manifest_digest = ANY (?)
            """;

    private static final String CHILDREN_OF = """
            SELECT DISTINCT child_digest
            FROM manifest_child
            WHERE organization_id = ? AND repository_id = ? AND manifest_digest = ANY (?)
            """;

    // The dates of push stay: nobody has pushed anything.
    // Linked anew: whoever looks for links that nothing needs passes it once more.
    private static final String SHOW_LINK = """
            UPDATE repository_blob
            SET deleted_at = NULL, leased_at = now(), linked_at = now()
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            """;

    private static final String SHOW_MANIFEST = """
            UPDATE manifest
            SET deleted_at = NULL, leased_at = now()
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            """;

    private static final String RULES = """
            SELECT tag_pattern
            FROM immutability_rule
            WHERE organization_id = ? AND (repository_id IS NULL OR repository_id = ?)
            ORDER BY id
            """;

    /** Whether something that was looked for is shown or hidden. */
    public enum Presence {
        SHOWN,
        HIDDEN
    }

    /** Locks links for an update, and answers of those that are there whether they are hidden. */
    public Map<Digest, Presence> lockLinks(
            Transaction transaction, RepositoryKey repository, Collection<Digest> digests) {
        return presences(transaction, LINKS_TO_UPDATE, repository, digests);
    }

    /** Locks manifests as {@link #lockLinks} does links. */
    public Map<Digest, Presence> lockManifests(
            Transaction transaction, RepositoryKey repository, Collection<Digest> digests) {
        return presences(transaction, MANIFESTS_TO_UPDATE, repository, digests);
    }

    /** Of those manifests that are there, whether they are hidden; nothing is locked. */
    public Map<Digest, Presence> manifests(
            Transaction transaction, RepositoryKey repository, Collection<Digest> digests) {
        return presences(transaction, MANIFESTS_THERE, repository, digests);
    }

    /** Of those links that are there, whether they are hidden; nothing is locked. */
    public Map<Digest, Presence> links(Transaction transaction, RepositoryKey repository, Collection<Digest> digests) {
        return presences(transaction, LINKS_THERE, repository, digests);
    }

    /** Locks those of some tags that are there, and answers what they name. */
    public Map<Tag, Digest> lockTags(Transaction transaction, RepositoryKey repository, Collection<Tag> tags) {
        return named(transaction, TAGS_TO_UPDATE, repository, tags);
    }

    /** What those of some tags name that are there; nothing is locked. */
    public Map<Tag, Digest> tags(Transaction transaction, RepositoryKey repository, Collection<Tag> tags) {
        return named(transaction, TAGS_THERE, repository, tags);
    }

    private static Map<Tag, Digest> named(
            Transaction transaction, String statement, RepositoryKey repository, Collection<Tag> tags) {
        Map<Tag, Digest> named = new HashMap<>();
        transaction
                .all(
                        statement,
                        row -> Map.entry(
                                new Tag(row.getString(1)),
                                Digest.parse(row.getString(2)).orElseThrow()),
                        repository.organization().value(),
                        repository.repository().value(),
                        new TextArray(tags.stream().map(Tag::value).toList()))
                .forEach(entry -> named.put(entry.getKey(), entry.getValue()));
        return named;
    }

    /** Which blobs manifests reference, whether they are hidden or not. */
    public Set<Digest> blobsOf(Transaction transaction, RepositoryKey repository, Collection<Digest> manifests) {
        return digests(transaction, BLOBS_OF, repository, manifests);
    }

    /** Which manifests indexes reference, as {@link #blobsOf}. */
    public Set<Digest> childrenOf(Transaction transaction, RepositoryKey repository, Collection<Digest> manifests) {
        return digests(transaction, CHILDREN_OF, repository, manifests);
    }

    /** Shows a link that {@link #lockLinks} locked. */
    public void showLink(Transaction transaction, RepositoryKey repository, Digest digest) {
        show(transaction, SHOW_LINK, repository, digest);
    }

    /** Shows a manifest that {@link #lockManifests} locked. */
    public void showManifest(Transaction transaction, RepositoryKey repository, Digest digest) {
        show(transaction, SHOW_MANIFEST, repository, digest);
    }

    /** Which tags of the repository are immutable; asked when the tags are locked, it misses no rule that counts. */
    public List<TagPattern> rules(Transaction transaction, RepositoryKey repository) {
        return transaction.all(
                RULES,
                row -> new TagPattern(row.getString(1)),
                repository.organization().value(),
                repository.repository().value());
    }

    private static Map<Digest, Presence> presences(
            Transaction transaction, String statement, RepositoryKey repository, Collection<Digest> digests) {
        Map<Digest, Presence> found = new HashMap<>();
        transaction
                .all(
                        statement,
                        row -> Map.entry(
                                Digest.parse(row.getString(1)).orElseThrow(),
                                row.getBoolean(2) ? Presence.HIDDEN : Presence.SHOWN),
                        repository.organization().value(),
                        repository.repository().value(),
                        LinkStore.texts(digests))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    private static Set<Digest> digests(
            Transaction transaction, String statement, RepositoryKey repository, Collection<Digest> manifests) {
        return new HashSet<>(transaction.all(
                statement,
                row -> Digest.parse(row.getString(1)).orElseThrow(),
                repository.organization().value(),
                repository.repository().value(),
                LinkStore.texts(manifests)));
    }

    private static void show(Transaction transaction, String statement, RepositoryKey repository, Digest digest) {
        transaction.change(
                statement,
                repository.organization().value(),
                repository.repository().value(),
                digest.toString());
    }
}
