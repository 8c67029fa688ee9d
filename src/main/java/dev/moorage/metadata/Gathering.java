package dev.moorage.metadata;

import dev.moorage.error.RegistryException.Unavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Asks the database once for several requests that came together.
 *
 * <p>Who finds fewer than {@value #LEADERS} askers under way asks, with all that wait at that moment. So the answer to each is of a
 * moment after it came, as if it had asked alone; and the more come, the fewer statements each of them costs. Nobody waits for
 * others to come, unless {@link Company} says that some will in a moment.
 *
 * @param <Q> what a request asks
 * @param <A> what it is answered
 */
public final class Gathering<Q, A> {

    /** So many ask at a time, however many come: with a second one fewer came together, and each cost more. */
    private static final int LEADERS = 1;

    /** Who has waited for so long for an asker that does not come back asks on its own. */
    private static final long PATIENCE_NANOS = Duration.ofMillis(20).toNanos();

    private final int most;
    private final Company company;
    private final Function<List<Q>, List<Optional<A>>> source;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Place<Q, A>> waiting = new ArrayDeque<>();
    private int leaders;

    /** What asks for several at once, from 1 to {@code most}, and answers each in its order; nobody waits for others to come. */
    public Gathering(int most, Function<List<Q>, List<Optional<A>>> source) {
        this(most, Company.never(), source);
    }

    /** What asks for several at once, and lets others come where they come often. */
    Gathering(int most, Company company, Function<List<Q>, List<Optional<A>>> source) {
        this.most = most;
        this.company = company;
        this.source = source;
    }

    /** A request, and how it stands. */
    private static final class Place<Q, A> {
        private final Q question;
        private final Thread thread = Thread.currentThread();
        // Guarded by the lock.
        private boolean waits;
        private volatile State<Q, A> state = new State.Waiting<>();

        Place(Q question) {
            this.question = question;
        }

        void become(State<Q, A> next) {
            state = next;
            LockSupport.unpark(thread);
        }
    }

    private sealed interface State<Q, A> {
        record Waiting<Q, A>() implements State<Q, A> {}

        record Asks<Q, A>(List<Place<Q, A>> all, boolean company) implements State<Q, A> {}

        record Answered<Q, A>(Optional<A> answer) implements State<Q, A> {}

        record Failed<Q, A>(RuntimeException failure) implements State<Q, A> {}
    }

    /** Asks; what fails for several together is asked again one by one, unless the database is away. */
    public Optional<A> ask(Q question) {
        Place<Q, A> mine = new Place<>(question);
        enter(mine);
        boolean interrupted = false;
        try {
            while (true) {
                switch (mine.state) {
                    case State.Asks<Q, A>(List<Place<Q, A>> all, boolean others) -> interrupted |= lead(all, others);
                    case State.Answered<Q, A>(Optional<A> answer) -> {
                        return answer;
                    }
                    case State.Failed<Q, A>(RuntimeException failure) -> throw failure;
                    case State.Waiting<Q, A> _ -> {
                        LockSupport.parkNanos(this, PATIENCE_NANOS);
                        interrupted |= Thread.interrupted();
                        overtake(mine);
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** How many wait for somebody to ask for them. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many ask at this moment. */
    int askers() {
        lock.lock();
        try {
            return leaders;
        } finally {
            lock.unlock();
        }
    }

    private void enter(Place<Q, A> mine) {
        lock.lock();
        try {
            mine.waits = true;
            waiting.add(mine);
            company.came();
            if (leaders < LEADERS) {
                leaders++;
                appoint(mine);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whoever asks may be held up, by a connection that is cut or a row that is locked: he does not hold up all others. */
    private void overtake(Place<Q, A> mine) {
        if (!(mine.state instanceof State.Waiting)) {
            return;
        }
        lock.lock();
        try {
            if (mine.waits) {
                leaders++;
                appoint(mine);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets one of those that wait ask for itself and for those that came before it, and behind it as far as there is room. */
    private void appoint(Place<Q, A> leader) {
        List<Place<Q, A>> all = new ArrayList<>();
        waiting.remove(leader);
        leader.waits = false;
        all.add(leader);
        join(all);
        leader.state = new State.Asks<>(all, all.size() < most && company.expected());
    }

    private void join(List<Place<Q, A>> all) {
        while (all.size() < most && !waiting.isEmpty()) {
            Place<Q, A> next = waiting.poll();
            next.waits = false;
            all.add(next);
        }
    }

    /** Whether it was interrupted while it waited for company. */
    private boolean lead(List<Place<Q, A>> all, boolean others) {
        boolean interrupted = false;
        try {
            if (others) {
                interrupted = company.await();
                lock.lock();
                try {
                    join(all);
                } finally {
                    lock.unlock();
                }
            }
            answer(all);
        } finally {
            handOver();
        }
        return interrupted;
    }

    private void handOver() {
        lock.lock();
        try {
            Place<Q, A> next = leaders > LEADERS ? null : waiting.peek();
            if (next == null) {
                leaders--;
            } else {
                appoint(next);
                LockSupport.unpark(next.thread);
            }
        } finally {
            lock.unlock();
        }
    }

    private void answer(List<Place<Q, A>> all) {
        List<Optional<A>> answers;
        try {
            answers = source.apply(all.stream().map(place -> place.question).toList());
        } catch (Unavailable e) {
            all.forEach(place -> place.become(new State.Failed<>(e)));
            return;
        } catch (RuntimeException e) {
            if (all.size() > 1) {
                all.forEach(place -> answer(List.of(place)));
            } else {
                all.getFirst().become(new State.Failed<>(e));
            }
            return;
        } catch (Error e) {
            all.forEach(place -> place.become(new State.Failed<>(new IllegalStateException("the asker ended", e))));
            throw e;
        }
        for (int i = 0; i < all.size(); i++) {
            all.get(i).become(new State.Answered<>(answers.get(i)));
        }
    }
}
