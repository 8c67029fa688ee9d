package dev.moorage.registry;

import java.time.Duration;

/**
 * How requests wait for each other at an upload session.
 *
 * @param patience how long a second request waits for the holder, longer than a lease
 * @param retry how often it looks meanwhile
 * @param renewal how often a holder renews its lease, several times before it runs out
 */
record UploadTimes(Duration patience, Duration retry, Duration renewal) {

    /** For the lease of 10 s that {@link dev.moorage.metadata.UploadStore} gives. */
    static final UploadTimes STANDARD =
            new UploadTimes(Duration.ofSeconds(12), Duration.ofMillis(250), Duration.ofSeconds(3));
}
