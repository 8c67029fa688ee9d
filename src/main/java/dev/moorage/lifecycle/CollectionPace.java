package dev.moorage.lifecycle;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Lets the collection of a replica work a part of the time only, so that pushes and pulls keep their pace. */
@ApplicationScoped
class CollectionPace {

    /** How many times as long as it worked the collection rests. */
    private static final int RESTS = 3;

    private final int rests;

    CollectionPace() {
        this(RESTS);
    }

    CollectionPace(int rests) {
        this.rests = rests;
    }

    /** Rests after something was looked at; not when the program ends. */
    void rest(Duration worked) {
        try {
            Thread.sleep(worked.multipliedBy(rests));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
