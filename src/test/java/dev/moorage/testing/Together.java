package dev.moorage.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** Requests that start at the same moment. */
public final class Together {

    private Together() {}

    /** Runs all of them at once and answers what each of them answered, in their order. */
    public static <T> List<T> run(List<? extends Callable<T>> requests) throws InterruptedException {
        return run(requests, Thread.ofVirtual().factory());
    }

    /** The same on threads of another kind: those of the platform cost less where each waits for a socket all the time. */
    public static <T> List<T> run(List<? extends Callable<T>> requests, ThreadFactory kind)
            throws InterruptedException {
        CyclicBarrier start = new CyclicBarrier(requests.size());
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(kind)) {
            List<Future<T>> answers = new ArrayList<>();
            for (Callable<T> request : requests) {
                answers.add(threads.submit(() -> {
                    start.await();
                    return request.call();
                }));
            }
            List<T> all = new ArrayList<>();
            for (Future<T> answer : answers) {
                all.add(get(answer));
            }
            return all;
        }
    }

    /** What a request answered; what it threw fails the test. */
    public static <T> T get(Future<T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
