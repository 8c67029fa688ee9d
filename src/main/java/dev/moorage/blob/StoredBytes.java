package dev.moorage.blob;

import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import dev.moorage.name.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Hashes bytes that are in the store already. */
final class StoredBytes {

    private StoredBytes() {}

    /** The hash of the first {@code length} bytes of an object, which may still have a writer. */
    static ContentHash hash(
            BlobStore store, BlobKey key, long length, Digest.Algorithm algorithm, LongConsumer hashed) {
        ContentHash hash = ContentHash.start(algorithm);
        if (length == 0) {
            return hash;
        }
        byte[] buffer = TransferBuffers.take();
        try (InputStream bytes = stream(store, key, length)) {
            while (hash.count() < length) {
                int read = bytes.read(buffer, 0, (int) Math.min(buffer.length, length - hash.count()));
                if (read < 0) {
                    throw new ResumePointLost(key + " ends at " + hash.count() + ", before " + length);
                }
                hash.update(buffer, 0, read);
                hashed.accept(hash.count());
            }
            return hash;
        } catch (IOException e) {
            throw FilesystemBlobStore.failure("read", key.value(), e);
        } finally {
            TransferBuffers.give(buffer);
        }
    }

    private static InputStream stream(BlobStore store, BlobKey key, long length) throws IOException {
        if (store.stat(key).orElse(0) < length) {
            throw new ResumePointLost(key + " holds fewer than " + length + " bytes");
        }
        BlobBody body = store.read(key, Optional.of(new ByteRange(0, length - 1)))
                .orElseThrow(() -> new ResumePointLost(key + " is gone"));
        return switch (body) {
            case BlobBody.FileRegion region ->
                Channels.newInputStream(
                        FileChannel.open(region.file(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
            case BlobBody.Stream stream -> stream.bytes();
            case BlobBody.Bytes whole -> new ByteArrayInputStream(whole.bytes());
            case BlobBody.Redirect redirect -> throw new StoreFailure(key + " cannot be read by this process");
        };
    }
}
