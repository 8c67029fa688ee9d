package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** Pages of keys and of unfinished uploads; what is not ours in the bucket is passed over. */
final class S3Listing {

    private static final String BLOBS = "blobs/";
    private static final int STORE_PAGE = 1000;

    private final S3Client client;
    private final String bucket;
    private final String prefix;

    S3Listing(S3Client client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    List<BlobKey> keys(Optional<BlobKey> after, int limit) {
        List<BlobKey> page = new ArrayList<>();
        String from = after.map(key -> prefix + key).orElse("");
        while (page.size() < limit) {
            int wanted = Math.min(STORE_PAGE, limit - page.size());
            ListObjectsV2Response answer = objects(from, wanted);
            answer.contents().forEach(object -> key(object.key()).ifPresent(page::add));
            if (!Boolean.TRUE.equals(answer.isTruncated()) || answer.contents().isEmpty()) {
                return page;
            }
            from = answer.contents().getLast().key();
        }
        return page;
    }

    List<Unfinished> unfinished(Optional<Unfinished> after, int limit) {
        List<Unfinished> page = new ArrayList<>();
        // By key alone: some stores refuse an id that has gone meanwhile. What is left of a key is found the next time.
        String keyMarker = after.map(last -> prefix + last.key()).orElse(null);
        while (page.size() < limit) {
            ListMultipartUploadsResponse answer =
                    uploads(prefix + BLOBS, keyMarker, Math.min(STORE_PAGE, limit - page.size()));
            answer.uploads().forEach(upload -> key(upload.key())
                    .ifPresent(key -> page.add(new Unfinished(key, upload.uploadId(), upload.initiated()))));
            if (!Boolean.TRUE.equals(answer.isTruncated()) || answer.uploads().isEmpty()) {
                return page;
            }
            keyMarker = answer.uploads().getLast().key();
        }
        return page;
    }

    /** How the store calls the uploads that were begun at one key. */
    List<String> begunAt(BlobKey key) {
        String name = prefix + key;
        return uploads(name, null, STORE_PAGE).uploads().stream()
                .filter(upload -> upload.key().equals(name))
                .map(upload -> upload.uploadId())
                .toList();
    }

    private ListObjectsV2Response objects(String after, int limit) {
        try {
            return client.listObjectsV2(request -> request.bucket(bucket)
                    .prefix(prefix + BLOBS)
                    .startAfter(after.isEmpty() ? null : after)
                    .maxKeys(limit));
        } catch (SdkException e) {
            throw S3Objects.failure("list", "the bucket", e);
        }
    }

    private ListMultipartUploadsResponse uploads(String under, String keyMarker, int limit) {
        try {
            return client.listMultipartUploads(request ->
                    request.bucket(bucket).prefix(under).keyMarker(keyMarker).maxUploads(limit));
        } catch (SdkException e) {
            throw S3Objects.failure("list the uploads of", "the bucket", e);
        }
    }

    private Optional<BlobKey> key(String name) {
        try {
            return Optional.of(new BlobKey(name.substring(prefix.length())));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}
