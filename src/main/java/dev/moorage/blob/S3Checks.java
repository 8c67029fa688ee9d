package dev.moorage.blob;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Whether the store compares each body with the CRC-32C that comes with it, as it was seen to do: it refuses one byte with a
 * wrong sum, as an object and as a part, and takes it with the right one.
 *
 * <p>Until it was seen, and where it is not so, the signature holds the hash of a body: over plain HTTP something has to tell
 * the store that a body came whole. Measured: a hash of each body by the registry and by the store is a third of a large push.
 */
final class S3Checks {

    private static final Logger LOG = Logger.getLogger(S3Checks.class);

    /** Beside {@code blobs/}, which is where lists look. */
    private static final String KEYS = "blobs.check/";

    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private static final byte[] BODY = {1};
    private static final String RIGHT = Crc32c.of(BODY);
    private static final String WRONG = Crc32c.of(new byte[] {2});

    private volatile boolean seen;
    private Optional<Thread> looking = Optional.empty();

    private interface Request {
        void send(String sum);
    }

    /** Whether a body needs no hash in the signature. */
    boolean seen() {
        return seen;
    }

    /** Looks, on a thread of its own, as often as it takes to get an answer. */
    void begin(S3Client client, String bucket, String prefix) {
        looking = Optional.of(Thread.ofVirtual().name("blob-checks").start(() -> {
            Optional<Boolean> found = look(client, bucket, prefix);
            while (found.isEmpty() && rest()) {
                found = look(client, bucket, prefix);
            }
            seen = found.orElse(false);
            LOG.debugf("The store checks sums of bodies: %s", seen);
        }));
    }

    void end() {
        looking.ifPresent(Thread::interrupt);
    }

    private static boolean rest() {
        try {
            Thread.sleep(BETWEEN_LOOKS);
            return true;
        } catch (InterruptedException ended) {
            return false;
        }
    }

    /** Empty where the store does not say: it is busy, or not there. */
    private static Optional<Boolean> look(S3Client client, String bucket, String prefix) {
        String key = prefix + KEYS + UUID.randomUUID();
        try {
            return Optional.of(checksObjects(client, bucket, key) && checksParts(client, bucket, key));
        } catch (SdkException | IllegalStateException e) {
            LOG.debugf("The store was not seen to check sums: %s", e.getMessage());
            return Optional.empty();
        } finally {
            leaveNothing(
                    () -> client.deleteObject(request -> request.bucket(bucket).key(key)));
        }
    }

    private static boolean checksObjects(S3Client client, String bucket, String key) {
        return checks(sum -> client.putObject(
                request -> request.bucket(bucket).key(key).checksumCRC32C(sum), RequestBody.fromBytes(BODY)));
    }

    private static boolean checksParts(S3Client client, String bucket, String key) {
        String id = client.createMultipartUpload(
                        request -> request.bucket(bucket).key(key))
                .uploadId();
        CompletedPart.Builder part = CompletedPart.builder().partNumber(1);
        boolean checked = checks(sum -> part.eTag(client.uploadPart(
                        request -> request.bucket(bucket)
                                .key(key)
                                .uploadId(id)
                                .partNumber(1)
                                .checksumCRC32C(sum),
                        RequestBody.fromBytes(BODY))
                .eTag()));
        boolean whole = checked
                && taken(() -> client.completeMultipartUpload(request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(id)
                        .multipartUpload(list -> list.parts(part.build()))));
        if (!whole) {
            leaveNothing(() -> client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(id)));
        }
        return whole;
    }

    private static boolean checks(Request request) {
        return !taken(() -> request.send(WRONG)) && taken(() -> request.send(RIGHT));
    }

    private static boolean taken(Runnable request) {
        try {
            request.run();
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() >= 500 || e.isThrottlingException()) {
                throw e;
            }
            return false;
        }
    }

    private static void leaveNothing(Runnable request) {
        try {
            request.run();
        } catch (SdkException | IllegalStateException e) {
            LOG.debugf("What was put to see whether the store checks sums is still there: %s", e.getMessage());
        }
    }
}
