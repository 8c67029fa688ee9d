package dev.moorage.registry;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** A client of several replicas, each request to the next of them, that asks again until it gets an answer. Used by one thread. */
final class RetryingClient {

    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofSeconds(90).toNanos();
    private static final byte[] NOTHING = new byte[0];

    private final List<RegistryClient> replicas;
    private final String repository;
    private int turn;
    private int refused;
    private int unanswered;

    RetryingClient(List<RegistryClient> replicas, String repository, int turn) {
        this.replicas = replicas;
        this.repository = repository;
        this.turn = turn;
    }

    /** How many answers were others than those that were wanted, so that the request had to be sent again. */
    int refused() {
        return refused;
    }

    /** How many requests had to be sent again because their connection ended before an answer came. */
    int unanswered() {
        return unanswered;
    }

    /** Pushes an image under a tag; it returns when all of it was acknowledged. */
    void push(String tag, Image image, int chunk) {
        for (Content blob : image.blobs()) {
            push(blob, chunk);
        }
        answered(next -> next.put(tag, image.manifest()), status -> status == 201);
    }

    /** Deletes a tag; that it is absent already may be the work of a request whose answer was lost. */
    void delete(String tag) {
        answered(next -> next.delete("manifests/" + tag), status -> status == 202 || status == 404);
    }

    private void push(Content blob, int chunk) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!pushed(blob, chunk)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the blob " + blob.digest() + " cannot be pushed");
            }
        }
    }

    /** False where the session was lost: it is begun again. */
    private boolean pushed(Content blob, int chunk) {
        String location =
                answered(RepositoryClient::begin, status -> status == 202).header("location");
        int offset = 0;
        while (offset < blob.bytes().length) {
            int from = offset;
            int to = Math.min(from + chunk, blob.bytes().length);
            Optional<Answer> answer =
                    attempt(next -> next.patchChunk(location, from, Arrays.copyOfRange(blob.bytes(), from, to)));
            if (answer.filter(got -> got.status() == 202).isPresent()) {
                offset = to;
                continue;
            }
            count(answer);
            pause();
            Answer status = answered(next -> next.status(location), code -> code == 204 || code == 404);
            if (status.status() == 404) {
                return false;
            }
            int last = Integer.parseInt(status.header("range").substring("0-".length()));
            offset = last == 0 ? 0 : last + 1;
        }
        return answered(next -> next.finish(location, blob.digest(), NOTHING), status -> status == 201 || status == 404)
                        .status()
                == 201;
    }

    private Answer answered(Function<RepositoryClient, Answer> request, IntPredicate wanted) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            Optional<Answer> answer = attempt(request);
            if (answer.filter(got -> wanted.test(got.status())).isPresent()) {
                return answer.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no answer that counts, the last one: " + answer);
            }
            count(answer);
            pause();
        }
    }

    private void count(Optional<Answer> answer) {
        if (answer.isPresent()) {
            refused++;
        } else {
            unanswered++;
        }
    }

    private Optional<Answer> attempt(Function<RepositoryClient, Answer> request) {
        turn++;
        try {
            return Optional.of(
                    request.apply(replicas.get(turn % replicas.size()).repository(repository)));
        } catch (UncheckedIOException killed) {
            return Optional.empty();
        }
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
