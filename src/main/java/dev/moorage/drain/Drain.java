package dev.moorage.drain;

import dev.moorage.config.DrainConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * How far the program is on the way to its end, for all who do something about it, and what is still under way.
 *
 * <p>It goes forward only: first it leaves (readiness says no, what comes is served, nothing new begins by itself), then long
 * uploads park at a durable point, then what is left is cut.
 */
@ApplicationScoped
public class Drain {

    /** How long uploads have to park. */
    static final Duration TO_PARK = Duration.ofSeconds(3);

    /** How long those who were told to go elsewhere have to hear it: a connection that closes takes what was not read with it. */
    static final Duration TO_HEAR = Duration.ofSeconds(1);

    /** How long what is cut has to end. */
    static final Duration TO_END = Duration.ofSeconds(5);

    private static final Logger LOG = Logger.getLogger(Drain.class);

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger background = new AtomicInteger();
    private final List<Runnable> atBegin = new CopyOnWriteArrayList<>();
    private final List<Runnable> atCut = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean begun;
    private volatile boolean parks;
    private volatile boolean hurried;

    /** Work that has a place among what is under way, until it is closed; again is nothing. */
    public interface Work extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether the program is about to end: no longer ready, and nothing new begins by itself. */
    public boolean begun() {
        return begun;
    }

    /** Whether uploads are to stop where they are durable. */
    public boolean parks() {
        return parks;
    }

    /** The longest that a request may be under way after it began, the cut and what follows it included. */
    public static Duration longest(DrainConfig times) {
        return times.delay().plus(times.timeout()).plus(TO_PARK).plus(TO_HEAR).plus(TO_END);
    }

    /** What is waited for as long as there is time. */
    public Work request() {
        return enter(requests);
    }

    /** What is waited for a moment only, since the end at any moment does it no harm. */
    public Work background() {
        return enter(background);
    }

    /** What to do when it begins. */
    public void atBegin(Runnable task) {
        atBegin.add(task);
    }

    /** What to do when nothing is waited for any longer. */
    public void atCut(Runnable task) {
        atCut.add(task);
    }

    private Work enter(AtomicInteger kind) {
        kind.incrementAndGet();
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true) && kind.decrementAndGet() == 0 && begun) {
                wake();
            }
        };
    }

    int requests() {
        return requests.get();
    }

    void begin() {
        begun = true;
        atBegin.forEach(Drain::attempt);
    }

    void park() {
        parks = true;
    }

    void cut() {
        atCut.forEach(Drain::attempt);
    }

    /** Does something to what may be dying already: if that fails, the others have their turn all the same. */
    public static void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.warn("A step of the end did not succeed", e);
        }
    }

    /** Lets no wait last any longer. */
    void hurry() {
        hurried = true;
        wake();
    }

    /** Lets this time pass, unless somebody is in a hurry. */
    void pause(Duration time) throws InterruptedException {
        await(time, () -> hurried);
    }

    /** Whether no request was under way before the time was over, or somebody was in a hurry. */
    boolean awaitRequests(Duration time) throws InterruptedException {
        await(time, () -> hurried || requests.get() == 0);
        return requests.get() == 0;
    }

    /** Whether no request was under way before the time was over, whoever is in a hurry. */
    boolean awaitCut(Duration time) throws InterruptedException {
        await(time, () -> requests.get() == 0);
        return requests.get() == 0;
    }

    void awaitBackground(Duration time) throws InterruptedException {
        await(time, () -> hurried || background.get() == 0);
    }

    private interface State {
        boolean reached();
    }

    private void await(Duration time, State state) throws InterruptedException {
        long left = time.toNanos();
        lock.lock();
        try {
            while (!state.reached() && left > 0) {
                // A last request may end between the look and the wait.
                long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(100));
                left -= slice - Math.max(0, changed.awaitNanos(slice));
            }
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
