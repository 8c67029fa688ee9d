package dev.moorage.lifecycle;

import dev.moorage.drain.Drain;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Lets the collection of a replica work a part of the time only while others are at work, so that pushes and pulls keep their pace. */
@ApplicationScoped
class CollectionPace {

    /** How many times as long as it worked the collection rests beside others. */
    private static final int RESTS = 3;

    // A look that waited for the database says nothing of how busy the machine is.
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** Whether anybody else asks something of the database meanwhile. */
    enum Company {
        NOBODY,
        OTHERS
    }

    private final int rests;
    private final BooleanSupplier over;

    @Inject
    CollectionPace(Drain drain) {
        this(RESTS, drain::begun);
    }

    CollectionPace(int rests) {
        this(rests, () -> false);
    }

    private CollectionPace(int rests, BooleanSupplier over) {
        this.rests = rests;
        this.over = over;
    }

    /** Whether the program is about to end: what was taken up is left to another one. */
    boolean over() {
        return over.getAsBoolean();
    }

    /** How long it rests after it worked so long: a second at most, and not at all where nobody is disturbed. */
    Duration restAfter(Company company, Duration worked) {
        return switch (company) {
            case NOBODY -> Duration.ZERO;
            case OTHERS -> {
                Duration rest = worked.multipliedBy(rests);
                yield rest.compareTo(LONGEST) < 0 ? rest : LONGEST;
            }
        };
    }

    /** Rests after something was looked at; not when the program ends. */
    void rest(Company company, Duration worked) {
        try {
            Thread.sleep(restAfter(company, worked));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
