package dev.moorage.blob;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;

/** The bytes of an object on their way out: exactly as many as were announced, or a failure. */
final class S3Stream extends FilterInputStream {

    private final ResponseInputStream<?> answer;
    private long left;

    S3Stream(ResponseInputStream<?> answer, long length) {
        super(answer);
        this.answer = answer;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int got = in.read(buffer, offset, length);
        if (got < 0 && left > 0) {
            throw new IOException("the store ended " + left + " bytes early");
        }
        left -= Math.max(0, got);
        return got;
    }

    @Override
    public long skip(long wanted) throws IOException {
        long skipped = in.skip(wanted);
        left -= skipped;
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() throws IOException {
        if (left > 0) {
            // Else the rest would be read for nothing, so that the connection can be used again.
            answer.abort();
        }
        in.close();
    }
}
