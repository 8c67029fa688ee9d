package dev.moorage.name;

import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;

/** When a retention policy runs by itself. */
public sealed interface RetentionSchedule {

    /** The shortest time between two runs. */
    Duration SHORTEST = Duration.ofHours(1);

    /** The longest time between two runs. */
    Duration LONGEST = Duration.ofDays(366);

    /**
     * Again and again after the same time.
     *
     * @param period an hour to a year, in whole seconds
     */
    record Every(Duration period) implements RetentionSchedule {
        /** Refuses a period out of bounds. */
        public Every {
            if (period.compareTo(SHORTEST) < 0
                    || period.compareTo(LONGEST) > 0
                    || !period.equals(Duration.ofSeconds(period.toSeconds()))) {
                throw new IllegalArgumentException("a period is an hour to 366 days, in whole seconds");
            }
        }
    }

    /**
     * Once a day.
     *
     * @param at the time of day in UTC, in whole seconds
     */
    record Daily(LocalTime at) implements RetentionSchedule {
        /** Refuses parts of a second. */
        public Daily {
            if (!at.equals(at.truncatedTo(ChronoUnit.SECONDS))) {
                throw new IllegalArgumentException("a time of day is in whole seconds");
            }
        }
    }
}
