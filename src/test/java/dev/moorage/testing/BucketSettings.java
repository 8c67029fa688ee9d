package dev.moorage.testing;

import java.util.HashMap;
import java.util.Map;

/** Settings of a registry whose blobs are in a bucket of the scriptable store, whatever the environment names. */
public final class BucketSettings {

    /** The secret that must not be seen anywhere. */
    public static final String SECRET_KEY = "fake-secret-that-nobody-prints";

    private static final String S3 = "moorage.storage.s3.";

    private BucketSettings() {}

    /** The usual settings, with blobs in this bucket. */
    public static MoorageProcess.Settings of(FakeS3 fake, String bucket) {
        MoorageProcess.Settings settings = MoorageProcess.Settings.usual();
        for (Map.Entry<String, String> setting : bucket(fake, bucket).entrySet()) {
            settings = settings.property(setting.getKey(), setting.getValue());
        }
        return settings;
    }

    /** The settings of a store in process, with parts of this size, that asks nothing twice. */
    public static Map<String, String> inProcess(FakeS3 fake, String bucket, int part) {
        Map<String, String> settings = bucket(fake, bucket);
        settings.put(S3 + "retries", "0");
        settings.put(S3 + "part-size", Integer.toString(part));
        settings.put("moorage.uploads.resume-point-bytes", Integer.toString(2 * part));
        return settings;
    }

    private static Map<String, String> bucket(FakeS3 fake, String bucket) {
        Map<String, String> settings = new HashMap<>();
        settings.put("moorage.storage.type", "s3");
        // Small blobs too.
        settings.put("moorage.storage.rows-up-to", "0");
        settings.put(S3 + "endpoint", fake.endpoint().toString());
        settings.put(S3 + "bucket", bucket);
        settings.put(S3 + "access-key", FakeS3.ACCESS_KEY);
        settings.put(S3 + "secret-key", SECRET_KEY);
        return settings;
    }
}
