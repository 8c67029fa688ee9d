package dev.moorage.lifecycle;

import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.lifecycle.ModelContent.ModelManifest;
import dev.moorage.name.Digest;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Sql;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Somebody who works on a replica of a model run, by a plan that depends on the seed and on what he is answered. */
final class ModelWriter {

    private static final int REMEMBERED = 30;
    private static final int ATTEMPTS = 8;

    final int number;
    final RegistryHarness replica;
    final ModelContent content;
    final Random random;
    final UndoService undo;
    final Sql sql;
    final ModelTally tally;

    private final Deque<String> remembered = new ArrayDeque<>();

    ModelWriter(int number, RegistryHarness replica, ModelContent content, long seed, ModelTally tally) {
        this.number = number;
        this.replica = replica;
        this.content = content;
        this.random = new Random(seed);
        this.undo = UndoScene.undo(replica);
        // Through the replica's own connections, which are pooled.
        this.sql = new Sql(replica.database());
        this.tally = tally;
    }

    <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    <T> Optional<T> anyOf(List<T> all) {
        return all.isEmpty() ? Optional.empty() : Optional.of(any(all));
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    ModelManifest anyManifest() {
        return any(content.manifests());
    }

    Digest anyBlob() {
        return any(content.blobs());
    }

    /** Says what is done next, for who reads of a failure. */
    void says(String kind, String repository, Object what) {
        tally.count(kind);
        remember("%s %s %s".formatted(kind, repository, what));
    }

    /** Says what came of it. */
    void adds(String outcome) {
        remember("  " + outcome);
    }

    private synchronized void remember(String line) {
        if (remembered.size() == REMEMBERED) {
            remembered.removeFirst();
        }
        remembered.addLast(line);
    }

    /** The last of what he did. */
    synchronized String story() {
        return remembered.stream().collect(Collectors.joining("\n    ", "writer %d:\n    ".formatted(number), ""));
    }

    /** Asks again where the registry says that it is busy, as a client does: such an answer has changed nothing. */
    <T> T patiently(Supplier<T> request) {
        for (int made = 1; ; made++) {
            try {
                return request.get();
            } catch (Unavailable e) {
                // A store that has lost something would be asked in vain.
                if (made == ATTEMPTS || e.getMessage().contains("blob store")) {
                    throw e;
                }
                tally.count("busy");
            }
        }
    }

    void pushBlob(String repository, Digest blob) {
        says("push-blob", repository, blob);
        patiently(() -> replica.pushBlob(repository, content.bytes(blob)));
    }

    /** Refuses what the model does not allow. */
    static void demand(boolean condition, String complaint) {
        if (!condition) {
            throw new AssertionError(complaint);
        }
    }
}
