package dev.moorage.blob;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.moorage.config.MoorageConfig;
import dev.moorage.testing.TestBucket;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A real server keeps the contract, where {@code S3_TEST_ENDPOINT} names one; its parts have S3's smallest size. */
class S3BlobStoreIT extends BlobStoreContract {

    private static final long MEMORY = 512L << 20;
    private static final long PART = 5L << 20;

    private Optional<TestBucket> bucket = Optional.empty();
    private S3BlobStore store;
    private S3BlobStore other;

    @BeforeEach
    void openStores() {
        bucket = TestBucket.create();
        assumeTrue(bucket.isPresent(), "not run: S3_TEST_ENDPOINT names no server");
        store = open(bucket.orElseThrow());
        other = open(bucket.orElseThrow());
    }

    @AfterEach
    void close() {
        bucket.ifPresent(used -> {
            store.close();
            other.close();
            used.drop();
        });
    }

    private static S3BlobStore open(TestBucket bucket) {
        MoorageConfig.S3 config = S3Settings.of(
                bucket.endpoint(),
                bucket.accessKey(),
                bucket.secretKey(),
                Map.of("bucket", bucket.name(), "prefix", "under/", "part-size", Long.toString(PART)));
        return S3Connection.open(config, new PartMemory(MEMORY, 5_000));
    }

    @Override
    long allocationBound() {
        // The parts that are on their way, one that fills, and what the first request of a JVM makes: half of the
        // object.
        return (PartsOnTheirWay.MOST + 1) * PART + 8 * 1024 * 1024;
    }

    @Override
    BlobStore store() {
        return store;
    }

    @Override
    BlobStore otherReplica() {
        return other;
    }
}
