package dev.moorage.lifecycle;

import dev.moorage.blob.S3BlobStore;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.TestSettings;
import java.util.HashMap;
import java.util.Map;

/** The model run with the bytes in a bucket. */
class S3ModelIT extends ModelContract {

    private static final String BUCKET = "blobs";
    private static final int PART = 100_000;

    private FakeS3 fake;
    private S3BlobStore store;

    @Override
    RegistryHarness open() {
        fake = FakeS3.with(BUCKET);
        Map<String, String> settings = new HashMap<>(BucketSettings.inProcess(fake, BUCKET, PART));
        settings.putAll(TestCollection.AT_ONCE);
        store = S3BlobStore.open(TestSettings.with(settings));
        return RegistryHarness.fresh(store, settings);
    }

    @Override
    void forget() {
        fake.forgetRequests();
    }

    @Override
    void closeStore() {
        store.close();
        fake.close();
    }
}
