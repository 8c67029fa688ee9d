package dev.moorage.lifecycle;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Lets the collection of a replica work a part of the time only, so that pushes and pulls keep their pace. */
@ApplicationScoped
class CollectionPace {

    /** How many times as long as it worked the collection rests. */
    private static final int RESTS = 3;

    // A look that waited for the database says nothing of how busy the machine is.
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final int rests;

    CollectionPace() {
        this(RESTS);
    }

    CollectionPace(int rests) {
        this.rests = rests;
    }

    /** How long it rests after it worked so long: a second at most. */
    Duration restAfter(Duration worked) {
        Duration rest = worked.multipliedBy(rests);
        return rest.compareTo(LONGEST) < 0 ? rest : LONGEST;
    }

    /** Rests after something was looked at; not when the program ends. */
    void rest(Duration worked) {
        try {
            Thread.sleep(restAfter(worked));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
