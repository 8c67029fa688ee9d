package dev.moorage.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How requests to an S3-compatible store are made. */
public interface S3RequestsConfig {

    /** Names the bucket in the path of each request and not in the host's name; most stores but Amazon's need it. */
    @WithDefault("true")
    boolean pathStyle();

    /**
     * Whether the SDK's own checksums go with every request ({@code when-supported}) or only where S3 demands one; over
     * https only TLS guards bodies then, over http what {@code moorage.storage.s3.signed-bodies} says.
     */
    @WithDefault("when-required")
    Checksums checksums();

    /** How long a connection to the store may take. */
    @WithDefault("5s")
    Duration connectTimeout();

    /** How long the store may send nothing. */
    @WithDefault("30s")
    Duration readTimeout();

    /** How often a request that failed is sent again, after waits that grow, and grow more where the store says SlowDown. */
    @WithDefault("4")
    int retries();

    /** How many connections to the store are open at once. */
    @WithDefault("128")
    int maxConnections();

    /**
     * Whether each body sent over http has its hash in the signature ({@code always}), or its CRC-32C in a header where the
     * store was seen to refuse a wrong one ({@code where-needed}), which is a quarter less work; where others can read what
     * goes to the store, https or {@code always} keeps them from putting other bytes in place of a body.
     */
    @WithDefault("where-needed")
    SignedBodies signedBodies();

    /** When the SDK computes checksums. */
    enum Checksums {
        WHEN_REQUIRED,
        WHEN_SUPPORTED
    }

    /** Whether requests are signed with a hash of their bodies. */
    enum SignedBodies {
        WHERE_NEEDED,
        ALWAYS
    }
}
