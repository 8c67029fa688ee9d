package dev.moorage.blob;

import dev.moorage.name.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/** The bytes of one part until the store has them. Filled by one thread, then read by any. */
final class PartBuffer {

    private final PartMemory.Share memory;
    private final long capacity;
    private final List<byte[]> segments = new ArrayList<>();
    private long size;

    PartBuffer(PartMemory.Share memory, long capacity) {
        this.memory = memory;
        this.capacity = capacity;
    }

    long size() {
        return size;
    }

    long room() {
        return capacity - size;
    }

    /** Takes bytes, at most as many as there is room for, and answers how many. */
    int append(byte[] buffer, int offset, int length) {
        int taken = (int) Math.min(length, room());
        int left = taken;
        while (left > 0) {
            int at = (int) (size % PartMemory.SEGMENT);
            if (at == 0) {
                segments.add(memory.segment());
            }
            int run = Math.min(left, PartMemory.SEGMENT - at);
            System.arraycopy(buffer, offset + taken - left, segments.getLast(), at, run);
            size += run;
            left -= run;
        }
        return taken;
    }

    /** The SHA-256 of its bytes in hexadecimal digits. */
    String sha256() {
        MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest();
        feed(digest::update);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The CRC-32C of its bytes, as S3 writes it. */
    String crc32c() {
        CRC32C sum = new CRC32C();
        feed(sum::update);
        return Crc32c.text(sum);
    }

    private void feed(S3Tails.Sink sink) {
        long left = size;
        for (byte[] segment : segments) {
            int run = (int) Math.min(left, segment.length);
            sink.take(segment, 0, run);
            left -= run;
        }
    }

    /** A new stream over its bytes; nothing may be appended while one is in use. */
    InputStream stream() {
        return new Bytes();
    }

    /** Gives its memory back; it is empty then. */
    void clear() {
        segments.forEach(memory::give);
        segments.clear();
        size = 0;
    }

    private final class Bytes extends InputStream {
        private long at;

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (at == size) {
                return -1;
            }
            int within = (int) (at % PartMemory.SEGMENT);
            int run = (int) Math.min(Math.min(length, size - at), PartMemory.SEGMENT - within);
            System.arraycopy(segments.get((int) (at / PartMemory.SEGMENT)), within, buffer, offset, run);
            at += run;
            return run;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, size - at);
        }

        @Override
        public long transferTo(OutputStream out) throws IOException {
            long before = at;
            while (at < size) {
                int within = (int) (at % PartMemory.SEGMENT);
                int run = (int) Math.min(size - at, PartMemory.SEGMENT - within);
                out.write(segments.get((int) (at / PartMemory.SEGMENT)), within, run);
                at += run;
            }
            return at - before;
        }
    }
}
