package dev.moorage.registry;

import dev.moorage.metadata.ReferrerStore;
import dev.moorage.metadata.RepositoryScope;
import dev.moorage.metadata.TagListStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is about a manifest: those that name it as their subject, and what cosign keeps under tags made of its digest; and
 * what is about those by their subject, {@value #LEVELS} levels deep. The first {@value #OF_EACH} of each are told, {@value #IN_ALL} in all.
 */
@Singleton
public class ReferrerTree {

    static final int LEVELS = 3;
    static final int OF_EACH = 50;
    static final int IN_ALL = 100;

    private static final long BYTES = 1L << 20;

    /** How cosign ends the tags of what it keeps. */
    private static final Map<String, ReferrerKind> COSIGN =
            Map.of(".sig", ReferrerKind.SIGNATURE, ".att", ReferrerKind.ATTESTATION, ".sbom", ReferrerKind.SBOM);

    private final ReferrerStore referrers;
    private final TagListStore tags;

    ReferrerTree(ReferrerStore referrers, TagListStore tags) {
        this.referrers = referrers;
        this.tags = tags;
    }

    /**
     * Something that is about a manifest.
     *
     * @param digest its digest
     * @param kind what it is for
     * @param type its artifact type, or else its media type
     * @param size the size of its manifest in bytes, or with a tag of all that it references
     * @param tag the tag that says what it is about, where no subject does
     * @param referrers what is about it
     */
    public record Node(
            String digest, ReferrerKind kind, String type, long size, Optional<String> tag, List<Node> referrers) {

        /** Keeps its own copy. */
        public Node {
            referrers = List.copyOf(referrers);
        }
    }

    /**
     * What was found.
     *
     * @param nodes what is about the manifest itself
     * @param more whether there is more than is told
     */
    public record Found(List<Node> nodes, boolean more) {

        /** Keeps its own copy. */
        public Found {
            nodes = List.copyOf(nodes);
        }
    }

    Found below(Transaction transaction, RepositoryKey repository, RepositoryScope scope, Digest subject) {
        Walk walk = new Walk(transaction, repository, scope);
        walk.seen.add(subject);
        List<Node> nodes = walk.about(subject, 1);
        return new Found(nodes, walk.more);
    }

    /** One look at a tree: no manifest is told twice, whatever names what. */
    private final class Walk {
        private final Transaction transaction;
        private final RepositoryKey repository;
        private final RepositoryScope scope;
        private final Set<Digest> seen = new HashSet<>();
        private boolean more;

        Walk(Transaction transaction, RepositoryKey repository, RepositoryScope scope) {
            this.transaction = transaction;
            this.repository = repository;
            this.scope = scope;
        }

        List<Node> about(Digest subject, int level) {
            List<Node> nodes = new ArrayList<>();
            ReferrerStore.Found found =
                    referrers.after(transaction, scope, subject, Optional.empty(), "", OF_EACH, BYTES);
            more |= found.more();
            for (ReferrerStore.Referrer row : found.items()) {
                String type = row.artifactType().orElse(row.mediaType());
                add(
                        nodes,
                        row.digest(),
                        level,
                        new Node(
                                row.digest().toString(),
                                ReferrerKind.of(type),
                                type,
                                row.size(),
                                Optional.empty(),
                                List.of()));
            }
            if (level == 1) {
                COSIGN.keySet().stream().sorted().forEach(end -> tagged(subject, end, level, nodes));
            }
            return nodes;
        }

        private void tagged(Digest subject, String end, int level, List<Node> nodes) {
            Tag.parse(subject.toString().replace(':', '-') + end)
                    .flatMap(tag -> tags.find(transaction, repository, tag))
                    .ifPresent(row -> add(
                            nodes,
                            row.facts().digest(),
                            level,
                            new Node(
                                    row.facts().digest().toString(),
                                    COSIGN.get(end),
                                    row.facts()
                                            .artifactType()
                                            .orElse(row.facts().mediaType()),
                                    row.facts().size(),
                                    Optional.of(row.tag().value()),
                                    List.of())));
        }

        private void add(List<Node> nodes, Digest digest, int level, Node node) {
            if (seen.contains(digest)) {
                return;
            }
            if (seen.size() > IN_ALL) {
                more = true;
                return;
            }
            seen.add(digest);
            nodes.add(
                    level == LEVELS
                            ? node
                            : new Node(
                                    node.digest(),
                                    node.kind(),
                                    node.type(),
                                    node.size(),
                                    node.tag(),
                                    about(digest, level + 1)));
        }
    }
}
