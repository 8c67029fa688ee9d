package dev.moorage.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.LongConsumer;

/** A blob too large to be held: its bytes are made when they are sent, and forgotten. */
public final class LargeBlob {

    private static final int BLOCK_BYTES = 1 << 20;

    private final byte[] pattern = new byte[BLOCK_BYTES];
    private final long size;
    private final String digest;

    /** A blob of a size in bytes, whose content follows from the seed. */
    public LargeBlob(long seed, long size) {
        new Random(seed).nextBytes(pattern);
        this.size = size;
        MessageDigest sha256 = ImageFactory.messageDigest("sha256");
        each(0, size, sha256::update);
        this.digest = "sha256:" + HexFormat.of().formatHex(sha256.digest());
    }

    /** Bytes on their way, which are others as soon as they were taken. */
    public interface Sink {
        void accept(byte[] bytes, int from, int length);
    }

    /** The size in bytes. */
    public long size() {
        return size;
    }

    /** The sha256 digest. */
    public String digest() {
        return digest;
    }

    /** Sends the bytes from an offset up to another; tells after each MiB how many were sent. */
    public void send(RawHttp raw, long from, long end, LongConsumer progress) {
        each(from, end, new Sink() {
            private long sent;

            @Override
            public void accept(byte[] bytes, int first, int length) {
                raw.bytes(bytes, first, length);
                sent += length;
                progress.accept(sent);
            }
        });
        raw.flush();
    }

    /** Sends everything in the chunked coding, one MiB a chunk. */
    public void sendChunked(RawHttp raw, LongConsumer progress) {
        each(0, size, new Sink() {
            private long sent;

            @Override
            public void accept(byte[] bytes, int first, int length) {
                raw.chunk(
                        first == 0 && length == bytes.length
                                ? bytes
                                : java.util.Arrays.copyOfRange(bytes, first, first + length));
                sent += length;
                progress.accept(sent);
            }
        });
        raw.lastChunk();
    }

    /** The bytes from an offset up to another, where they are few. */
    public byte[] bytes(long from, long end) {
        ByteBuffer some = ByteBuffer.allocate(Math.toIntExact(end - from));
        each(from, end, some::put);
        return some.array();
    }

    /** Reads as many bytes as the blob has and returns their digest; fails where the stream ends before. */
    public String digestOf(InputStream stream) {
        MessageDigest sha256 = ImageFactory.messageDigest("sha256");
        byte[] buffer = new byte[BLOCK_BYTES];
        try {
            for (long left = size; left > 0; ) {
                int read = stream.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw new EOFException(left + " bytes are missing");
                }
                sha256.update(buffer, 0, read);
                left -= read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "sha256:" + HexFormat.of().formatHex(sha256.digest());
    }

    /** Makes the bytes from an offset up to another, one MiB after the other. */
    public void each(long from, long end, Sink sink) {
        byte[] block = pattern.clone();
        for (long at = from; at < end; ) {
            long index = at / BLOCK_BYTES;
            ByteBuffer.wrap(block).putLong(index * 0x9E3779B97F4A7C15L);
            int first = (int) (at % BLOCK_BYTES);
            int length = (int) Math.min(BLOCK_BYTES - first, end - at);
            sink.accept(block, first, length);
            at += length;
        }
    }
}
