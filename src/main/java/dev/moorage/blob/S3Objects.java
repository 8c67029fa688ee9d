package dev.moorage.blob;

import dev.moorage.blob.StoreMeter.Operation;
import dev.moorage.config.MoorageConfig;
import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** The requests to the store, one method each; every failure is a {@link StoreFailure} that names the key and the reason. */
final class S3Objects {

    private static final String CONTENT_TYPE = "application/octet-stream";
    private static final int NOT_FOUND = 404;

    private static final long SLOWEST_BYTES_PER_SECOND = 256 * 1024;

    private final S3Client client;
    private final S3Client downloads;
    private final String bucket;
    private final String prefix;
    private final Optional<ServerSideEncryption> encryption;
    private final Optional<String> encryptionKey;

    private final Duration readTimeout;
    private final S3Checks checks;

    /**
     * Requests to the bucket of the settings.
     *
     * @param downloads the client for reading objects, of its own: readers hold their connections for as long as they like
     * @param checks whether bodies go with their sum instead of a hash in the signature
     */
    S3Objects(S3Client client, S3Client downloads, MoorageConfig.S3 config, S3Checks checks) {
        this.checks = checks;
        this.client = client;
        this.downloads = downloads;
        this.readTimeout = config.readTimeout();
        this.bucket = config.bucket().orElseThrow();
        this.prefix = config.prefix().orElse("");
        this.encryption = encryption(config.serverSideEncryption());
        this.encryptionKey = config.kmsKeyId();
    }

    /** The SDK's word for the store's own encryption of objects. */
    static Optional<ServerSideEncryption> encryption(MoorageConfig.Encryption setting) {
        return switch (setting) {
            case NONE -> Optional.empty();
            case AES256 -> Optional.of(ServerSideEncryption.AES256);
            case AWS_KMS -> Optional.of(ServerSideEncryption.AWS_KMS);
        };
    }

    /** Puts a whole object. */
    void put(BlobKey key, PartBuffer bytes) {
        asking(
                Operation.PUT,
                key,
                () -> client.putObject(
                        request -> request.bucket(bucket)
                                .key(name(key))
                                .checksumCRC32C(sum(bytes).orElse(null))
                                .overrideConfiguration(inTime(bytes.size()))
                                .contentType(CONTENT_TYPE)
                                .serverSideEncryption(encryption.orElse(null))
                                .ssekmsKeyId(encryptionKey.orElse(null)),
                        body(bytes)));
    }

    /** Begins a multipart upload and answers how the store calls it. */
    String begin(BlobKey key) {
        return asking(Operation.BEGIN, key, () -> client.createMultipartUpload(request -> request.bucket(bucket)
                        .key(name(key))
                        .contentType(CONTENT_TYPE)
                        .serverSideEncryption(encryption.orElse(null))
                        .ssekmsKeyId(encryptionKey.orElse(null)))
                .uploadId());
    }

    /** Puts one part and answers the store's entity tag of it. */
    S3State.Part part(BlobKey key, String id, int number, PartBuffer bytes) {
        String tag = asking(Operation.PART, key, () -> client.uploadPart(
                        request -> request.bucket(bucket)
                                .key(name(key))
                                .checksumCRC32C(sum(bytes).orElse(null))
                                .overrideConfiguration(inTime(bytes.size() * PartsOnTheirWay.MOST))
                                .uploadId(id)
                                .partNumber(number),
                        body(bytes))
                .eTag());
        return new S3State.Part(number, tag.replace("\"", ""));
    }

    /**
     * Puts the parts together.
     *
     * @throws ResumePointLost when the store knows of no such upload or holds other parts
     */
    void complete(BlobKey key, S3State.Multipart upload) {
        List<CompletedPart> parts = upload.parts().stream()
                .map(part -> CompletedPart.builder()
                        .partNumber(part.number())
                        .eTag('"' + part.tag() + '"')
                        .build())
                .toList();
        asking(
                Operation.COMPLETE,
                key,
                () -> client.completeMultipartUpload(request -> request.bucket(bucket)
                        .key(name(key))
                        .uploadId(upload.id())
                        .multipartUpload(list -> list.parts(parts))));
    }

    /** Gives a multipart upload up; an absent one is a success. */
    void abort(BlobKey key, String id) {
        maybe(
                Operation.ABORT,
                key,
                () -> client.abortMultipartUpload(
                        request -> request.bucket(bucket).key(name(key)).uploadId(id)));
    }

    /** Opens an object, or a part of it; empty where it is not. The caller closes or aborts what it gets. */
    Optional<ResponseInputStream<GetObjectResponse>> get(BlobKey key, Optional<ByteRange> range) {
        return maybe(
                Operation.READ,
                key,
                () -> downloads.getObject(request -> request.bucket(bucket)
                        .key(name(key))
                        .range(range.map(part -> "bytes=" + part.first() + '-' + part.last())
                                .orElse(null))));
    }

    OptionalLong size(BlobKey key) {
        return maybe(
                        Operation.STAT,
                        key,
                        () -> client.headObject(
                                request -> request.bucket(bucket).key(name(key))))
                .stream()
                .mapToLong(found -> found.contentLength())
                .findFirst();
    }

    void delete(BlobKey key) {
        maybe(
                Operation.DELETE,
                key,
                () -> client.deleteObject(request -> request.bucket(bucket).key(name(key))));
    }

    /** The first bytes of a text beside the blobs; empty where it is not. */
    Optional<String> text(String name, int longest) {
        return maybe(Operation.READ, name, () -> {
            try (ResponseInputStream<GetObjectResponse> bytes =
                    client.getObject(request -> request.bucket(bucket).key(prefix + name))) {
                String first = new String(bytes.readNBytes(longest), StandardCharsets.US_ASCII);
                if (bytes.response().contentLength() > longest) {
                    bytes.abort();
                }
                return first;
            } catch (IOException e) {
                throw new StoreFailure("cannot read " + name + ": " + e.getMessage(), e);
            }
        });
    }

    /** Puts a text beside the blobs. */
    void putText(String name, String text) {
        asking(
                Operation.PUT,
                name,
                () -> client.putObject(
                        request -> request.bucket(bucket)
                                .key(prefix + name)
                                .overrideConfiguration(limit -> limit.apiCallAttemptTimeout(readTimeout))
                                .contentType("text/plain")
                                .serverSideEncryption(encryption.orElse(null))
                                .ssekmsKeyId(encryptionKey.orElse(null)),
                        RequestBody.fromBytes(text.getBytes(StandardCharsets.US_ASCII))));
    }

    /** How long a store may go on with a request after it has stopped answering. */
    Duration patience() {
        return readTimeout.multipliedBy(2);
    }

    /** The store's own name of a key. */
    String name(BlobKey key) {
        return prefix + key.value();
    }

    /** A store that stops reading holds nobody for ever: nothing else ends a write. Parts share the way to it. */
    private AwsRequestOverrideConfiguration inTime(long bytes) {
        Duration sending = Duration.ofSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
        return AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(readTimeout.plus(sending))
                .build();
    }

    /** What tells the store that a body came whole; empty where the signature does. */
    private Optional<String> sum(PartBuffer bytes) {
        return checks.seen() ? Optional.of(bytes.crc32c()) : Optional.empty();
    }

    private static RequestBody body(PartBuffer bytes) {
        return RequestBody.fromContentProvider(bytes::stream, bytes.size(), CONTENT_TYPE);
    }

    private static <T> Optional<T> maybe(Operation operation, Object what, Supplier<T> request) {
        return StoreMeter.time(operation, () -> maybe(operation.doing(), what, request));
    }

    private static <T> T asking(Operation operation, Object what, Supplier<T> request) {
        return StoreMeter.time(operation, () -> asking(operation.doing(), what, request));
    }

    private static <T> Optional<T> maybe(String doing, Object what, Supplier<T> request) {
        try {
            return Optional.of(request.get());
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND && !"NoSuchBucket".equals(code(e))) {
                return Optional.empty();
            }
            throw failure(doing, what.toString(), e);
        } catch (SdkException e) {
            throw failure(doing, what.toString(), e);
        }
    }

    private static <T> T asking(String doing, Object what, Supplier<T> request) {
        try {
            return request.get();
        } catch (S3Exception e) {
            boolean lost =
                    List.of("NoSuchUpload", "InvalidPart", "InvalidPartOrder").contains(code(e));
            throw lost
                    ? new ResumePointLost("cannot " + doing + ' ' + what + ": " + code(e))
                    : failure(doing, what.toString(), e);
        } catch (SdkException e) {
            throw failure(doing, what.toString(), e);
        }
    }

    /** A failure with the store's code, or with the reason why there was no answer. */
    static StoreFailure failure(String doing, String what, SdkException cause) {
        String reason = cause instanceof S3Exception answered
                ? answered.statusCode() + " " + code(answered)
                : String.valueOf(cause.getMessage());
        return new StoreFailure("cannot " + doing + ' ' + what + ": " + reason, cause);
    }

    private static String code(S3Exception e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? "without a code"
                : e.awsErrorDetails().errorCode();
    }
}
