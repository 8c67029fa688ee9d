package dev.moorage.registry;

import dev.moorage.error.RegistryException;
import dev.moorage.testing.LockWatch;
import dev.moorage.testing.Together;
import dev.moorage.testing.WatchedDataSource;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two requests of which the second comes when the first has all its locks and has not committed. */
final class Race {

    private Race() {}

    /** What a request answered: a word for success, or the code of the refusal. */
    record Answers(String first, String second) {}

    /** How the second request meets the first. */
    enum Meeting {
        /** It waits for a lock of the first. */
        WAITS,
        /** It has nothing to do with the first, and ends before it. */
        PASSES
    }

    static Answers run(RegistryHarness one, String held, Callable<?> first, Callable<?> second, Meeting meeting)
            throws InterruptedException {
        WatchedDataSource.Held hold = one.database().holdCommitOf(held);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> firstAnswer = threads.submit(() -> answer(first));
            hold.awaitReached();
            Future<String> secondAnswer = threads.submit(() -> answer(second));
            switch (meeting) {
                case WAITS -> LockWatch.awaitWaiting(one.plain());
                case PASSES -> Together.get(secondAnswer);
            }
            hold.release();
            return new Answers(Together.get(firstAnswer), Together.get(secondAnswer));
        } finally {
            hold.release();
        }
    }

    /** What a request answers. */
    static String answer(Callable<?> request) throws Exception {
        try {
            return request.call().toString();
        } catch (RegistryException e) {
            return e.code().name();
        }
    }
}
