package dev.moorage.blob;

import dev.moorage.config.MoorageConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Whether the store compares each body with the CRC-32C that comes with it, as it was seen to do: it refuses one byte with a
 * wrong sum, as an object and as a part, and takes it with the right one.
 *
 * <p>Until it was seen, and where it is not so, the signature holds the hash of a body: over plain HTTP something has to tell
 * the store that a body came whole. Measured: without that hash a large push costs the registry a quarter less.
 */
final class S3Checks {

    private static final Logger LOG = Logger.getLogger(S3Checks.class);

    /** Beside {@code blobs/}, which is where lists look. */
    private static final String KEYS = "blobs.check/";

    private static final int LOOKS = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);
    private static final Duration LAST_REQUEST = Duration.ofSeconds(2);

    private static final byte[] BODY = {1};
    private static final String RIGHT = Crc32c.of(BODY);
    private static final String WRONG = Crc32c.of(new byte[] {2});

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean seen;
    private Optional<Thread> looking = Optional.empty();

    private interface Request {
        void send(String sum);
    }

    /** What tells nothing: the store is busy, or not there, or does not let us. */
    private static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unknown(String why, Throwable cause) {
            super(why, cause);
        }
    }

    /** Whether a body needs no hash in the signature. */
    boolean seen() {
        return seen;
    }

    /** Looks, on a thread of its own, until there is an answer, some minutes at most. */
    void begin(S3Client client, MoorageConfig.S3 config) {
        looking = Optional.of(Thread.ofVirtual().name("blob-checks").start(() -> {
            Optional<Boolean> found = look(client, config);
            for (int looks = 1; found.isEmpty() && looks < LOOKS && rest(); looks++) {
                found = look(client, config);
            }
            seen = found.orElse(false);
            LOG.debugf("The store checks sums of bodies: %s", seen);
        }));
    }

    /** Ends it before the client that it uses: what a look has put in the bucket it takes away. */
    void end() {
        ended.countDown();
        try {
            if (looking.isPresent() && !looking.get().join(LAST_REQUEST)) {
                LOG.debug("The store is still being asked whether it checks sums");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean rest() {
        try {
            return !ended.await(BETWEEN_LOOKS.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<Boolean> look(S3Client client, MoorageConfig.S3 config) {
        String bucket = config.bucket().orElseThrow();
        String key = config.prefix().orElse("") + KEYS + UUID.randomUUID();
        try {
            return Optional.of(checksObjects(client, config, key) && checksParts(client, config, key));
        } catch (Unknown e) {
            LOG.debugf("The store was not seen to check sums: %s", e.getMessage());
            return Optional.empty();
        } finally {
            leaveNothing(
                    () -> client.deleteObject(request -> request.bucket(bucket).key(key)));
        }
    }

    private boolean checksObjects(S3Client client, MoorageConfig.S3 config, String key) {
        return checks(sum -> client.putObject(
                request -> request.bucket(config.bucket().orElseThrow())
                        .key(key)
                        .checksumCRC32C(sum)
                        .serverSideEncryption(encryption(config).orElse(null))
                        .ssekmsKeyId(config.kmsKeyId().orElse(null)),
                RequestBody.fromBytes(BODY)));
    }

    private boolean checksParts(S3Client client, MoorageConfig.S3 config, String key) {
        String bucket = config.bucket().orElseThrow();
        StringBuilder id = new StringBuilder();
        boolean begun = takes(() -> id.append(client.createMultipartUpload(request -> request.bucket(bucket)
                        .key(key)
                        .serverSideEncryption(encryption(config).orElse(null))
                        .ssekmsKeyId(config.kmsKeyId().orElse(null)))
                .uploadId()));
        if (!begun) {
            return false;
        }
        try {
            CompletedPart.Builder part = CompletedPart.builder().partNumber(1);
            return checks(sum -> part.eTag(client.uploadPart(
                                    request -> request.bucket(bucket)
                                            .key(key)
                                            .uploadId(id.toString())
                                            .partNumber(1)
                                            .checksumCRC32C(sum),
                                    RequestBody.fromBytes(BODY))
                            .eTag()))
                    && takes(() -> client.completeMultipartUpload(request -> request.bucket(bucket)
                            .key(key)
                            .uploadId(id.toString())
                            .multipartUpload(list -> list.parts(part.build()))));
        } finally {
            // Of one that was put together there is nothing left to abort.
            leaveNothing(() -> client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(id.toString())));
        }
    }

    private static Optional<ServerSideEncryption> encryption(MoorageConfig.S3 config) {
        return S3Objects.encryption(config.serverSideEncryption());
    }

    private boolean checks(Request request) {
        return !takes(() -> request.send(WRONG)) && takes(() -> request.send(RIGHT));
    }

    /** Whether a request succeeds; false where the store says what is wrong with it, or that it knows nothing like it. */
    private boolean takes(Runnable request) {
        if (ended.getCount() == 0) {
            throw new Unknown("the program ends", null);
        }
        try {
            request.run();
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 400 || e.statusCode() == 501) {
                return false;
            }
            throw new Unknown(String.valueOf(e.getMessage()), e);
        } catch (SdkException | IllegalStateException e) {
            throw new Unknown(String.valueOf(e.getMessage()), e);
        }
    }

    private static void leaveNothing(Runnable request) {
        try {
            request.run();
        } catch (SdkException | IllegalStateException e) {
            LOG.debugf("What was put to see whether the store checks sums: %s", e.getMessage());
        }
    }
}
