package dev.moorage.blob;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Asks whether the bucket is there, over a connection of its own and once: neither uploads that hold all connections nor the
 * waits of their repetitions say that it is not.
 */
final class S3Probe implements AutoCloseable {

    /** How long it waits. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Supplier<S3Client> clients;
    private final String bucket;
    private Optional<S3Client> client = Optional.empty();

    /**
     * Asks nothing yet.
     *
     * @param clients makes a client, when it is first asked
     */
    S3Probe(Supplier<S3Client> clients, String bucket) {
        this.clients = clients;
        this.bucket = bucket;
    }

    /** Looks at the bucket; whoever comes meanwhile waits for the only connection. */
    void ask() {
        try {
            client().headBucket(request ->
                    request.bucket(bucket).overrideConfiguration(limit -> limit.apiCallTimeout(PATIENCE)));
        } catch (SdkException e) {
            throw S3Objects.failure("look at", "the bucket", e);
        }
    }

    private synchronized S3Client client() {
        S3Client made = client.orElseGet(clients);
        client = Optional.of(made);
        return made;
    }

    @Override
    public synchronized void close() {
        client.ifPresent(S3Client::close);
    }
}
