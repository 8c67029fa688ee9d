package dev.moorage.blob;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Buffers that are used again, as a new one for every request would be garbage. */
final class TransferBuffers {

    /** Measured: from 64 KiB to 1 MiB all are equally fast, and a read gives 64 KiB at most. */
    static final int SIZE = 128 * 1024;

    private static final int KEPT_AT_MOST = 32;
    private static final BlockingQueue<byte[]> IDLE = new ArrayBlockingQueue<>(KEPT_AT_MOST);

    private TransferBuffers() {}

    static byte[] take() {
        return Optional.ofNullable(IDLE.poll()).orElseGet(() -> new byte[SIZE]);
    }

    static void give(byte[] buffer) {
        // A full queue has enough idle buffers: this one may go.
        IDLE.offer(buffer);
    }
}
