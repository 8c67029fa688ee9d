package dev.moorage.blob;

import dev.moorage.blob.S3State.Tail;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The object that holds the bytes behind the parts, between two requests of an upload. Used by one thread at a time. */
final class S3Tails {

    private final S3Objects objects;
    private Optional<Tail> current;
    private boolean unread;
    private int written;

    S3Tails(S3Objects objects, Optional<Tail> current) {
        this.objects = objects;
        this.current = current;
        this.unread = current.isPresent();
    }

    /** Takes a run of bytes of the tail. */
    @FunctionalInterface
    interface Sink {
        void take(byte[] buffer, int from, int length);
    }

    /** Whether there is a tail that was not read back. */
    boolean unread() {
        return unread;
    }

    /** Where the current one is; empty where there is none. */
    Optional<BlobKey> key() {
        return current.map(Tail::key);
    }

    long length() {
        return current.map(Tail::length).orElse(0L);
    }

    /** The next key for a tail: no other request, and no other tail of this one, has it. */
    BlobKey nextKey(BlobKey target, long epoch) {
        written++;
        return target.tail(epoch, written);
    }

    /** Reads the tail back, once, and compares its length and digest with those that were recorded. */
    void load(Sink sink) {
        if (!unread) {
            return;
        }
        Tail tail = current.orElseThrow();
        MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest();
        long read = 0;
        byte[] buffer = TransferBuffers.take();
        try (InputStream bytes = objects.get(tail.key(), Optional.empty())
                .orElseThrow(() -> new ResumePointLost(tail.key() + " is gone"))) {
            for (int run = bytes.read(buffer); run >= 0; run = bytes.read(buffer)) {
                digest.update(buffer, 0, run);
                sink.take(buffer, 0, run);
                read += run;
            }
        } catch (IOException e) {
            throw new StoreFailure("cannot read " + tail.key() + ": " + e.getMessage(), e);
        } finally {
            TransferBuffers.give(buffer);
        }
        if (read != tail.length() || !HexFormat.of().formatHex(digest.digest()).equals(tail.sha256())) {
            throw new ResumePointLost(tail.key() + " holds other bytes than were recorded");
        }
        unread = false;
    }

    /** Makes another tail the current one, and tells the key of the object that nothing needs then. */
    List<BlobKey> supersededBy(Optional<Tail> next) {
        List<BlobKey> before = current.map(Tail::key).stream().toList();
        current = next;
        return before;
    }
}
