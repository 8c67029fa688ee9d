package dev.moorage.blob;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
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

    /** In runs as long as the answer's writer takes them. */
    @Override
    public long transferTo(OutputStream out) throws IOException {
        byte[] buffer = TransferBuffers.take();
        try {
            long sent = 0;
            for (int got = read(buffer, 0, buffer.length); got >= 0; got = read(buffer, 0, buffer.length)) {
                out.write(buffer, 0, got);
                sent += got;
            }
            return sent;
        } finally {
            TransferBuffers.give(buffer);
        }
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
