package dev.moorage.testing;

import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A bucket of a real server, for one program or one test.
 *
 * <p>The server is the one that {@code S3_TEST_ENDPOINT} in the environment names, with {@code S3_TEST_ACCESS_KEY} and
 * {@code S3_TEST_SECRET_KEY}.
 *
 * @param endpoint the server
 * @param accessKey the key's name
 * @param secretKey the key
 * @param name the bucket's name
 */
public record TestBucket(URI endpoint, String accessKey, String secretKey, String name) {

    private static final String REGION = "us-east-1";

    /** A new, empty bucket on the server that the environment names; empty where it names none. */
    public static Optional<TestBucket> create() {
        return server().map(endpoint -> {
            TestBucket bucket = new TestBucket(
                    endpoint,
                    demand("S3_TEST_ACCESS_KEY"),
                    demand("S3_TEST_SECRET_KEY"),
                    "moorage-it-" + Long.toString(System.nanoTime(), 36));
            try (S3Client client = bucket.client()) {
                client.createBucket(request -> request.bucket(bucket.name()));
            }
            return bucket;
        });
    }

    static Optional<URI> server() {
        return MoorageProcess.setting("moorage.test.s3.endpoint", "S3_TEST_ENDPOINT")
                .map(URI::create);
    }

    private static String demand(String variable) {
        return MoorageProcess.setting(variable, variable)
                .orElseThrow(() -> new IllegalStateException(variable + " is not set beside S3_TEST_ENDPOINT"));
    }

    /** As the program's environment. */
    Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        variables.put("MOORAGE_STORAGE_TYPE", "s3");
        variables.put("MOORAGE_STORAGE_S3_ENDPOINT", endpoint.toString());
        variables.put("MOORAGE_STORAGE_S3_BUCKET", name);
        variables.put("MOORAGE_STORAGE_S3_ACCESS_KEY", accessKey);
        variables.put("MOORAGE_STORAGE_S3_SECRET_KEY", secretKey);
        return variables;
    }

    /** The objects in it, and their sizes in bytes. */
    public Map<String, Long> objects() {
        Map<String, Long> sizes = new LinkedHashMap<>();
        try (S3Client client = client()) {
            client.listObjectsV2Paginator(request -> request.bucket(name))
                    .contents()
                    .forEach(object -> sizes.put(object.key(), object.size()));
        }
        return sizes;
    }

    /** The multipart uploads in it that have no end yet: their ids, and the keys that they are for. */
    public Map<String, String> unfinished() {
        Map<String, String> uploads = new LinkedHashMap<>();
        try (S3Client client = client()) {
            client.listMultipartUploadsPaginator(request -> request.bucket(name))
                    .uploads()
                    .forEach(upload -> uploads.put(upload.uploadId(), upload.key()));
        }
        return uploads;
    }

    /** Removes it with all that is in it. */
    public void drop() {
        try (S3Client client = client()) {
            unfinished()
                    .forEach((id, key) -> client.abortMultipartUpload(
                            request -> request.bucket(name).key(key).uploadId(id)));
            objects()
                    .keySet()
                    .forEach(key ->
                            client.deleteObject(request -> request.bucket(name).key(key)));
            client.deleteBucket(request -> request.bucket(name));
        }
    }

    private S3Client client() {
        return S3Client.builder()
                .httpClient(Apache5HttpClient.create())
                .endpointOverride(endpoint)
                .region(Region.of(REGION))
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
                .build();
    }
}
