package dev.moorage.config;

import dev.moorage.config.MoorageConfig.S3;
import java.net.URI;
import java.time.Duration;

/** Refuses settings of the object store that cannot be meant; whether the bucket is there is seen when it is opened. */
final class StartupCheckS3 {

    private static final String NAME = "moorage.storage.s3.";
    private static final long SMALLEST_PART = 5L << 20;
    private static final long LARGEST_PART = 5L << 30;
    private static final Duration LONGEST_LIFETIME = Duration.ofMinutes(5);

    private StartupCheckS3() {}

    static void check(MoorageConfig settings) {
        S3 s3 = settings.storage().s3();
        if (s3.bucket().isEmpty()) {
            throw new StartupCheckFailed(NAME + "bucket is not set, and moorage.storage.type=s3 needs one.");
        }
        if (s3.accessKey().isPresent() != s3.secretKey().isPresent()) {
            throw new StartupCheckFailed(
                    NAME + "access-key and " + NAME + "secret-key are both set or both left to the SDK's own search.");
        }
        s3.endpoint().ifPresent(address -> checkAddress("endpoint", address));
        s3.redirectEndpoint().ifPresent(address -> checkAddress("redirect-endpoint", address));
        checkParts(settings, s3);
        StartupCheck.positive(NAME + "connect-timeout", s3.connectTimeout());
        StartupCheck.positive(NAME + "read-timeout", s3.readTimeout());
        StartupCheck.positive(NAME + "max-connections", s3.maxConnections());
        StartupCheck.positive(NAME + "redirect-lifetime", s3.redirectLifetime());
        if (s3.redirectLifetime().compareTo(LONGEST_LIFETIME) > 0) {
            throw new StartupCheckFailed(NAME
                    + "redirect-lifetime is %s, and must be five minutes at most.".formatted(s3.redirectLifetime()));
        }
        if (s3.retries() < 0) {
            throw new StartupCheckFailed(NAME + "retries is negative (" + s3.retries() + ").");
        }
    }

    private static void checkParts(MoorageConfig settings, S3 s3) {
        if (s3.partSize() < SMALLEST_PART || s3.partSize() > LARGEST_PART) {
            throw new StartupCheckFailed(NAME
                    + "part-size is %d, and must be from %d to %d."
                            .formatted(s3.partSize(), SMALLEST_PART, LARGEST_PART));
        }
        // The rest of the program needs the other half.
        long most = Runtime.getRuntime().maxMemory() / 2;
        if (2 * s3.partSize() > most) {
            throw new StartupCheckFailed(NAME
                    + "part-size is %d, and two parts must fit into half of the heap (%d): give the program more of it, by -Xmx."
                            .formatted(s3.partSize(), most));
        }
        settings.uploads().bytesInFlight().filter(bytes -> bytes > most).ifPresent(bytes -> {
            throw new StartupCheckFailed(
                    "moorage.uploads.bytes-in-flight is %d, and must fit into half of the heap (%d): give the program more of it, by -Xmx."
                            .formatted(bytes, most));
        });
        settings.uploads()
                .bytesInFlight()
                .filter(bytes -> bytes < 2 * s3.partSize())
                .ifPresent(bytes -> {
                    throw new StartupCheckFailed(
                            "moorage.uploads.bytes-in-flight is %d, and must hold two parts of %spart-size (%d)."
                                    .formatted(bytes, NAME, s3.partSize()));
                });
    }

    private static void checkAddress(String setting, URI address) {
        boolean usable = ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
                && address.getHost() != null
                && address.getUserInfo() == null;
        if (!usable) {
            throw new StartupCheckFailed(
                    NAME + setting + " must be of the form http://host:port or https://host:port, without a password.");
        }
    }
}
