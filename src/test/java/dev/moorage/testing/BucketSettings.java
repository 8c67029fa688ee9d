package dev.moorage.testing;

/** Settings of a program whose blobs are in a bucket of the scriptable store, whatever the environment names. */
public final class BucketSettings {

    /** The secret that must not be seen anywhere. */
    public static final String SECRET_KEY = "fake-secret-that-nobody-prints";

    private static final String S3 = "moorage.storage.s3.";

    private BucketSettings() {}

    /** The usual settings, with blobs in this bucket. */
    public static MoorageProcess.Settings of(FakeS3 fake, String bucket) {
        return MoorageProcess.Settings.usual()
                .property("moorage.storage.type", "s3")
                .property(S3 + "endpoint", fake.endpoint().toString())
                .property(S3 + "bucket", bucket)
                .property(S3 + "access-key", FakeS3.ACCESS_KEY)
                .property(S3 + "secret-key", SECRET_KEY);
    }
}
