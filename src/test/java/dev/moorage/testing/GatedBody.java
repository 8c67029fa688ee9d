package dev.moorage.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client's body that stops after some bytes until it is told to go on. */
public final class GatedBody extends InputStream {

    private static final int PATIENCE_SECONDS = 20;

    private final InputStream before;
    private final InputStream behind;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    public GatedBody(byte[] before, byte[] behind) {
        this.before = new ByteArrayInputStream(before);
        this.behind = new ByteArrayInputStream(behind);
    }

    /** Returns when everything before the gate has been read and more was asked for. */
    public void awaitReached() {
        await(reached);
    }

    /** Lets the rest of the bytes come. */
    public void open() {
        open.countDown();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int got = before.read(buffer, offset, length);
        if (got >= 0) {
            return got;
        }
        reached.countDown();
        await(open);
        return behind.read(buffer, offset, length);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the gate of a body was waited for in vain");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
