package dev.moorage.lifecycle;

import dev.moorage.blob.BlobStore;
import dev.moorage.blob.S3BlobStore;
import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.TestSettings;

/** The mark of a bucket. */
class S3StoreMarkerIT extends StoreMarkerContract {

    private static final String BUCKET = "blobs";
    private static final int PART = 100_000;

    private FakeS3 fake;
    private S3BlobStore store;

    @Override
    BlobStore openStore() {
        fake = FakeS3.with(BUCKET);
        store = S3BlobStore.open(TestSettings.with(BucketSettings.inProcess(fake, BUCKET, PART)));
        return store;
    }

    @Override
    void closeStore() {
        store.close();
        fake.close();
    }

    @Override
    void takeMark() {
        fake.marks(BUCKET).clear();
    }
}
