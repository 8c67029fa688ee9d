package dev.moorage.blob;

import io.opentelemetry.context.Context;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A part on its way to the store, on a thread of its own. */
final class PartSending {

    private final PartBuffer bytes;
    private final Thread thread;
    private volatile Outcome outcome = new Outcome.Failed(new StoreFailure("the sending of a part was interrupted"));

    private sealed interface Outcome {
        record Sent(S3State.Part part) implements Outcome {}

        record Failed(StoreFailure failure) implements Outcome {}
    }

    private PartSending(PartBuffer bytes, Callable<S3State.Part> request) {
        this.bytes = bytes;
        this.thread = Thread.ofVirtual().name("blob-part").unstarted(() -> outcome = send(request));
    }

    static PartSending start(PartBuffer bytes, Callable<S3State.Part> request) {
        PartSending sending = new PartSending(bytes, Context.current().wrap(request));
        sending.thread.start();
        return sending;
    }

    private static Outcome send(Callable<S3State.Part> request) {
        try {
            return new Outcome.Sent(request.call());
        } catch (StoreFailure e) {
            return new Outcome.Failed(e);
        } catch (Exception e) {
            return new Outcome.Failed(new StoreFailure("a part was not sent: " + e.getMessage(), e));
        }
    }

    boolean ended() {
        return !thread.isAlive();
    }

    /**
     * Waits for the end, and gives the memory back: nobody reads it any more.
     *
     * @throws StoreFailure when the store does not have it
     */
    S3State.Part await() {
        Optional<InterruptedException> interrupted = end();
        if (interrupted.isPresent()) {
            throw new StoreFailure("interrupted while a part was sent", interrupted.get());
        }
        return switch (outcome) {
            case Outcome.Sent sent -> sent.part();
            case Outcome.Failed failed -> throw failed.failure();
        };
    }

    /** Waits for the end, whichever it is, and gives the memory back; answers what interrupted the wait, if anything. */
    Optional<InterruptedException> end() {
        Optional<InterruptedException> interrupted = join();
        bytes.clear();
        if (interrupted.isPresent()) {
            Thread.currentThread().interrupt();
        }
        return interrupted;
    }

    /** Breaks it off; {@link #await} returns soon. */
    void interrupt() {
        thread.interrupt();
    }

    /** The memory may go to another upload only when the thread has ended, however impatient the caller is. */
    private Optional<InterruptedException> join() {
        Optional<InterruptedException> interrupted = Optional.empty();
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                thread.interrupt();
                interrupted = Optional.of(e);
            }
        }
    }
}
