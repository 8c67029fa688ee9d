package dev.moorage.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** A body that is waited for as long as its client has time left; read by one thread, looked at by another. */
final class PatientBody extends InputStream {

    private final InputStream in;
    private final Runnable cut;
    private final LongSupplier nanoTime;
    private final long patience;
    private final double nanosPerByte;
    private final Set<PatientBody> waiting;
    private long left;
    // Of the read that is under way: who reads, and when it has waited long enough.
    private Optional<Thread> reader = Optional.empty();
    private long deadline;
    private boolean overdue;

    PatientBody(
            InputStream in,
            Runnable cut,
            LongSupplier nanoTime,
            long patience,
            double nanosPerByte,
            Set<PatientBody> waiting) {
        this.in = in;
        this.cut = cut;
        this.nanoTime = nanoTime;
        this.patience = patience;
        this.nanosPerByte = nanosPerByte;
        this.waiting = waiting;
        this.left = patience;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left < 0) {
            throw new IOException("the body came too slowly");
        }
        long begin = nanoTime.getAsLong();
        begin(begin + left);
        int got;
        try {
            got = in.read(buffer, offset, length);
        } finally {
            end();
        }
        left -= nanoTime.getAsLong() - begin;
        if (left < 0 && got >= 0) {
            cut.run();
            throw new IOException("the body came too slowly");
        }
        left = (long) Math.min((double) patience, left + Math.max(0, got) * nanosPerByte);
        return got;
    }

    private synchronized void begin(long until) {
        deadline = until;
        reader = Optional.of(Thread.currentThread());
        waiting.add(this);
    }

    private synchronized void end() {
        waiting.remove(this);
        reader = Optional.empty();
        if (overdue) {
            // It was for the read alone.
            Thread.interrupted();
        }
    }

    /** Ends the request that has waited long enough: its read comes back with an error then. */
    synchronized void look() {
        if (reader.isPresent() && !overdue && nanoTime.getAsLong() - deadline > 0) {
            overdue = true;
            // Nobody tells it of the end of a stream that the program itself has ended.
            reader.get().interrupt();
            cut.run();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
