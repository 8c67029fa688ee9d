package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Puts the parts of an object together and sees that they are.
 *
 * <p>The answer may be lost, or come before the object is there, or be a failure after all was done: the object itself is
 * asked, and for some time where the store may be at work on it still.
 */
final class S3Completion {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final S3Objects objects;
    private final BlobKey target;
    private final long size;

    S3Completion(S3Objects objects, BlobKey target, long size) {
        this.objects = objects;
        this.target = target;
        this.size = size;
    }

    void complete(S3State.Multipart whole) {
        try {
            objects.complete(target, whole);
        } catch (StoreFailure e) {
            boolean answered = e instanceof ResumePointLost || e.getCause() instanceof S3Exception;
            if (answered ? stored() : storedInTime()) {
                return;
            }
            throw e;
        }
        if (!storedInTime()) {
            throw new StoreFailure(target + " was put together and is not of " + size + " bytes");
        }
    }

    boolean stored() {
        OptionalLong found = objects.size(target);
        return found.isPresent() && found.getAsLong() == size;
    }

    private boolean storedInTime() {
        long end = System.nanoTime() + objects.patience().toNanos();
        while (!stored()) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }
}
