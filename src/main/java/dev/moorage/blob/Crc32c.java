package dev.moorage.blob;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;

/** Sums as S3 writes them: four bytes, the highest first, in Base64. */
final class Crc32c {

    private Crc32c() {}

    static String of(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return text(sum);
    }

    static String text(CRC32C sum) {
        byte[] bytes =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue()).array();
        return Base64.getEncoder().encodeToString(bytes);
    }
}
