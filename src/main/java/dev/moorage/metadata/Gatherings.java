package dev.moorage.metadata;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Changes that are gathered with those whose guards are asked by the same text.
 *
 * <p>Each statement ends in a flush of the database's log and in much work that is the same for one and for many, so that
 * where many come they are let come for {@value #WAIT_MILLIS} ms.
 *
 * @param <Q> what a request asks
 * @param <A> what it is answered
 */
public final class Gatherings<Q, A> {

    private static final int MOST = 64;
    private static final long WAIT_MILLIS = 2;

    private final Function<List<Q>, List<Optional<A>>> source;
    private final Map<String, Gathering<Q, A>> byGuard = new ConcurrentHashMap<>();

    /** What does for several requests at once what they ask, and answers each in its order. */
    public Gatherings(Function<List<Q>, List<Optional<A>>> source) {
        this.source = source;
    }

    /** Where a request with this guard is asked. */
    public Gathering<Q, A> of(RepositoryScope repository) {
        return byGuard.computeIfAbsent(repository.guard().conditions(), _ -> new Gathering<>(MOST, company(), source));
    }

    private static Company company() {
        return new Company(Duration.ofMillis(WAIT_MILLIS), System::nanoTime);
    }
}
