package dev.moorage.metadata;

import dev.moorage.metadata.LinkStore.Look;
import dev.moorage.metadata.RepositoryStore.State;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.Reference;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The look-ups that registries answer all day, asked together where they come together; nothing of their answers is kept. */
@Singleton
public class LookUps {

    private static final int MOST = 64;

    /** A manifest may have megabytes, and those of one answer are in memory together. */
    private static final int MOST_PAYLOADS = 16;

    private final Transactions transactions;
    private final Kind<ManifestRow> manifests = new Kind<>(MOST_PAYLOADS);
    private final Kind<ManifestRow> heads = new Kind<>(MOST);
    private final Kind<Look> blobs = new Kind<>(MOST);
    private final Kind<byte[]> objects = new Kind<>(MOST_PAYLOADS);
    private final Kind<State> states = new Kind<>(MOST);

    public LookUps(Transactions transactions) {
        this.transactions = transactions;
    }

    /** A manifest with its bytes. */
    public Optional<ManifestRow> manifest(RepositoryScope repository, Reference reference) {
        return manifests.ask(ManifestStore.toGet(repository, reference));
    }

    /** What is known of a manifest without its bytes. */
    public Optional<ManifestRow> head(RepositoryScope repository, Reference reference) {
        return heads.ask(ManifestStore.toHead(repository, reference));
    }

    /** A look for the blob into the live repository of this name; empty where that is not there, or not for the caller. */
    public Optional<Look> blob(RepositoryScope repository, Digest digest) {
        return blobs.ask(LinkStore.toLook(repository, digest));
    }

    /** The bytes of a small object that the database keeps. */
    public Optional<byte[]> object(BlobKey key) {
        return objects.ask(SmallObjectStore.toRead(key));
    }

    /** What has become of the repository and of the grant on it. */
    public State state(RepositoryScope repository) {
        return states.ask(RepositoryStore.toState(repository)).orElseThrow();
    }

    /** Questions that are answered by the same, each text of them by itself. */
    private final class Kind<T> {
        private final int most;
        private final Map<String, Gathering<Question<T>, T>> texts = new ConcurrentHashMap<>();

        Kind(int most) {
            this.most = most;
        }

        Optional<T> ask(Question<T> question) {
            return texts.computeIfAbsent(question.sql(), _ -> new Gathering<>(most, this::all))
                    .ask(question);
        }

        private List<Optional<T>> all(List<Question<T>> questions) {
            return transactions.read(tx -> tx.firstOfEach(questions));
        }
    }
}
