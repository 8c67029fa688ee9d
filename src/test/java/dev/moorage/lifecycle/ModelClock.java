package dev.moorage.lifecycle;

import dev.moorage.registry.RegistryHarness;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongConsumer;

/**
 * The time of a model run, in hours that pass at once, for all rows alike and between the operations, never within one: so
 * everybody knows which promises have ended.
 */
final class ModelClock {

    private static final int OPERATIONS_A_TURN = 8;

    private final RegistryHarness registry;
    // Fair: the time must pass also where somebody is always at work.
    private final ReadWriteLock writers = new ReentrantReadWriteLock(true);
    private final ReadWriteLock collectors = new ReentrantReadWriteLock(true);
    private final List<LongConsumer> models = new CopyOnWriteArrayList<>();
    private final Semaphore turns = new Semaphore(0);
    private final AtomicInteger operations = new AtomicInteger();
    private final AtomicLong now = new AtomicLong();

    ModelClock(RegistryHarness registry) {
        this.registry = registry;
    }

    /** How many hours have passed. */
    long now() {
        return now.get();
    }

    /** Tells of every hour that has passed. */
    void tell(LongConsumer model) {
        models.add(model);
    }

    /** Does something within which no time passes. */
    void operate(Runnable operation) {
        within(writers.readLock(), operation);
        if (operations.incrementAndGet() % OPERATIONS_A_TURN == 0) {
            turns.release();
        }
    }

    /** Lets a collector have its turn when the writers have done a little more, or have not for a while. */
    void collect(Runnable turn) throws InterruptedException {
        if (!turns.tryAcquire(1, TimeUnit.SECONDS)) {
            return;
        }
        turns.drainPermits();
        within(collectors.readLock(), turn);
    }

    /** Lets hours pass. */
    void pass(int hours) {
        // The collectors first, which may be long at it, while the writers go on.
        within(
                collectors.writeLock(),
                () -> within(writers.writeLock(), () -> {
                    TestCollection.pass(registry, hours);
                    registry.sql().change("UPDATE tag SET pushed_at = pushed_at - ? * interval '1 hour'", hours);
                    registry.sql()
                            .change("UPDATE tombstone SET not_before = not_before - ? * interval '1 hour'", hours);
                    registry.sql().change("UPDATE upload SET expires_at = expires_at - ? * interval '1 hour'", hours);
                    long hour = now.addAndGet(hours);
                    models.forEach(model -> model.accept(hour));
                }));
        turns.release();
    }

    private static void within(Lock lock, Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }
}
