package dev.moorage.blob;

import dev.moorage.blob.S3State.Multipart;
import dev.moorage.blob.S3State.Part;
import dev.moorage.blob.S3State.Tail;
import dev.moorage.name.BlobKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Writes one object: in one request where its end is known within the first part, else in equal parts, each sent while the
 * next one fills.
 *
 * <p>A key is put whole by one request of the upload only, and a part number is used by one request only: what a request
 * that was overtaken still sends can land nowhere that counts.
 */
final class S3Writer implements BlobWriter {

    /** How many part numbers are reserved in one write of the row. */
    private static final int BLOCK = 16;

    private final S3Objects objects;
    private final WriteJournal journal;
    private final S3Tails tails;
    private final PartMemory memory;
    private final long partSize;
    private PartMemory.Share share;
    private PartBuffer filling;
    private final PartsOnTheirWay sending = new PartsOnTheirWay();

    private BlobKey target;
    private boolean targetUsed;
    private Optional<String> upload;
    private final List<Part> parts = new ArrayList<>();
    private int lastNumber;
    private Optional<S3State> recorded;
    private ResumePoint point;
    private final Queue<Mark> marks = new ArrayDeque<>();
    private final List<BlobKey> superseded = new ArrayList<>();
    private long offset;

    private Condition condition = Condition.GOING;

    private enum Condition {
        GOING,
        FAILED,
        ENDED,
        CLOSED
    }

    private record Mark(int parts, long offset, Consumer<ResumePoint> durable) {}

    /**
     * A writer at a resume point.
     *
     * @param from the state of that point; empty where nothing is stored yet
     */
    S3Writer(
            S3Objects objects,
            WriteJournal journal,
            PartMemory memory,
            PartMemory.Share share,
            long partSize,
            BlobKey key,
            ResumePoint point,
            Optional<S3State> from) {
        this.objects = objects;
        this.journal = journal;
        this.memory = memory;
        this.share = share;
        this.partSize = partSize;
        this.point = point;
        this.offset = point.offset();
        this.recorded = from;
        Optional<Multipart> begun = from.flatMap(S3State::multipart);
        this.upload = begun.map(Multipart::id);
        begun.ifPresent(known -> parts.addAll(known.parts()));
        // Without parts the row's key counts: a request that got no further may have moved it.
        this.target = begun.isPresent() ? from.orElseThrow().target() : key;
        // An earlier request may have put something there, and what it sent may still be on its way.
        this.targetUsed = from.isPresent() || journal.epoch() > 1;
        this.lastNumber = begun.map(Multipart::reserved).orElse(0);
        this.tails = new S3Tails(objects, from.flatMap(S3State::tail));
        this.filling = new PartBuffer(share, partSize);
    }

    @Override
    public synchronized void append(byte[] buffer, int from, int length) {
        demandGoing();
        condition = Condition.FAILED;
        if (completing().isPresent()) {
            throw new ResumePointLost(target + " is being put together: nothing can be appended");
        }
        while (sending.oldestEnded()) {
            collect();
        }
        load();
        fill(buffer, from, length);
        offset += length;
        condition = Condition.GOING;
    }

    private void fill(byte[] buffer, int from, int length) {
        int taken = 0;
        while (taken < length) {
            taken += filling.append(buffer, from + taken, length - taken);
            if (filling.room() == 0) {
                send();
            }
        }
    }

    private void load() {
        if (share.bytes() == 0) {
            share = memory.take(partSize, 2 * PartMemory.rounded(partSize));
            filling = new PartBuffer(share, partSize);
        }
        tails.load(this::fill);
    }

    private void send() {
        while (sending.count() >= PartsOnTheirWay.MOST || (share.owes() && !sending.isEmpty())) {
            collect();
        }
        start();
        makeRoom();
    }

    private void start() {
        begin();
        int number = nextNumber();
        String id = upload.orElseThrow();
        PartBuffer full = filling;
        sending.start(full, () -> objects.part(target, id, number, full));
        filling = new PartBuffer(share, partSize);
    }

    /** Memory for the next part: what this upload has, what nobody else wants at the moment, or what comes back of its own. */
    private void makeRoom() {
        long part = PartMemory.rounded(partSize);
        while (share.bytes() < (sending.count() + 1) * part) {
            if (!share.grow(part)) {
                collect();
            }
        }
    }

    private void begin() {
        if (upload.isPresent()) {
            return;
        }
        freshTarget();
        // The row knows of the upload before the store does: it may exist though its name was never learnt.
        journal.intend(new WriteIntent.Multipart(Optional.empty()));
        String id = objects.begin(target);
        journal.intend(new WriteIntent.Multipart(Optional.of(id)));
        upload = Optional.of(id);
    }

    /** Makes sure that nobody has ever put anything at the target. */
    private void freshTarget() {
        if (targetUsed) {
            BlobKey key = journal.newKey();
            journal.intend(new WriteIntent.Target(key));
            target = key;
        }
        targetUsed = true;
    }

    private int nextNumber() {
        lastNumber++;
        if (lastNumber > S3BlobStore.MOST_PARTS) {
            throw new ObjectTooLarge(
                    "the parts of one blob are used up: at most %d of %d bytes, by moorage.storage.s3.part-size"
                            .formatted(S3BlobStore.MOST_PARTS, partSize));
        }
        // Until a point is recorded another request would begin again, with a key and parts of its own.
        recorded.filter(state -> state.multipart().isPresent())
                .filter(state -> lastNumber > state.multipart().get().reserved())
                .ifPresent(state -> intend(new S3State(
                        state.target(),
                        state.multipart().map(known -> known.reserving(lastNumber + BLOCK - 1)),
                        state.tail(),
                        OptionalLong.empty())));
        return lastNumber;
    }

    private void intend(S3State state) {
        journal.intend(new WriteIntent.State(state.text()));
        recorded = Optional.of(state);
    }

    /** Waits for the oldest part that is on its way. */
    private void collect() {
        parts.add(sending.collect());
        share.shrink((sending.count() + 1) * PartMemory.rounded(partSize));
        while (!marks.isEmpty() && marks.element().parts() <= parts.size()) {
            Mark due = marks.remove();
            due.durable().accept(markedPoint(due.offset()));
        }
    }

    private void collectAll() {
        while (!sending.isEmpty()) {
            collect();
        }
    }

    /** A point between two parts. Once numbers are reserved they stay so, as the next ones are on their way already. */
    private ResumePoint markedPoint(long at) {
        int reserved =
                recorded.flatMap(S3State::multipart).map(Multipart::reserved).orElse(lastNumber + BLOCK);
        return newPoint(at, Optional.empty(), reserved);
    }

    private ResumePoint newPoint(long at, Optional<Tail> tail, int reserved) {
        S3State state = new S3State(target, held(reserved), tail, OptionalLong.empty());
        superseded.addAll(tails.supersededBy(tail));
        point = new ResumePoint(at, state.text(), superseded);
        superseded.clear();
        recorded = Optional.of(state);
        return point;
    }

    private Optional<Multipart> held(int reserved) {
        return upload.map(id -> new Multipart(id, partSize, reserved, parts));
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public synchronized BlobKey key() {
        return target;
    }

    @Override
    public synchronized long untilMark() {
        return Math.max(1, filling.room() - (tails.unread() ? tails.length() % partSize : 0));
    }

    @Override
    public synchronized boolean atMark() {
        return filling.size() == 0 && upload.isPresent() && !tails.unread();
    }

    @Override
    public synchronized void mark(Consumer<ResumePoint> durable) {
        demandGoing();
        if (!atMark()) {
            durable.accept(durable());
            return;
        }
        if (sending.isEmpty()) {
            durable.accept(markedPoint(offset));
            return;
        }
        marks.add(new Mark(parts.size() + sending.count(), offset, durable));
    }

    @Override
    public synchronized void settle() {
        // Those without a mark too: their memory is wanted by others while the client says nothing.
        while (condition == Condition.GOING && sending.oldestEnded()) {
            condition = Condition.FAILED;
            collect();
            condition = Condition.GOING;
        }
    }

    @Override
    public synchronized ResumePoint durable() {
        demandGoing();
        condition = Condition.FAILED;
        collectAll();
        if (offset > point.offset()) {
            newPoint(offset, filling.size() == 0 ? Optional.empty() : Optional.of(putTail()), lastNumber);
        }
        condition = Condition.GOING;
        return point;
    }

    private Tail putTail() {
        String sha256 = filling.sha256();
        if (upload.isEmpty()) {
            freshTarget();
            objects.put(target, filling);
            return new Tail(target, filling.size(), sha256);
        }
        BlobKey key = tails.nextKey(target, journal.epoch());
        journal.intend(new WriteIntent.Tail(key, filling.size()));
        objects.put(key, filling);
        return new Tail(key, filling.size(), sha256);
    }

    @Override
    public synchronized void commit() {
        demandGoing();
        condition = Condition.ENDED;
        if (completing().isPresent()) {
            S3State state = recorded.orElseThrow();
            if (completing().getAsLong() != offset) {
                throw new ResumePointLost(target + " is being put together with other bytes");
            }
            if (!completion().stored()) {
                completion().complete(state.multipart().orElseThrow());
            }
            return;
        }
        if (upload.isEmpty() && !inPlace()) {
            load();
        }
        if (upload.isPresent()) {
            commitParts();
        } else if (offset > point.offset() || !inPlace()) {
            freshTarget();
            objects.put(target, filling);
        }
    }

    /** Whether the object that holds the bytes of the last point is the one that becomes the blob's. */
    private boolean inPlace() {
        return tails.key().filter(target::equals).isPresent();
    }

    private void commitParts() {
        if (tails.unread()) {
            load();
        }
        if (filling.size() > 0) {
            start();
        }
        collectAll();
        Multipart whole = held(lastNumber).orElseThrow();
        S3State state = new S3State(target, Optional.of(whole), Optional.empty(), OptionalLong.of(offset));
        journal.intend(new WriteIntent.Completion(offset, state.text()));
        completion().complete(whole);
    }

    private S3Completion completion() {
        return new S3Completion(objects, target, offset);
    }

    private OptionalLong completing() {
        return recorded.map(S3State::completing).orElse(OptionalLong.empty());
    }

    @Override
    public synchronized void abort() {
        demandGoing();
        condition = Condition.ENDED;
        sending.interrupt();
        try {
            upload.ifPresent(id -> objects.abort(target, id));
            if (targetUsed) {
                objects.delete(target);
            }
        } catch (StoreFailure staysForTheTombstone) {
            // Every object has a row: what stays now goes with the tombstone that the row becomes.
            return;
        }
    }

    @Override
    public void close() {
        // Before the lock: another thread may hold it while it waits for this very part.
        sending.interrupt();
        release();
    }

    private synchronized void release() {
        if (condition == Condition.CLOSED) {
            return;
        }
        condition = Condition.CLOSED;
        sending.settle();
        filling.clear();
        share.close();
    }

    private void demandGoing() {
        switch (condition) {
            case GOING -> {
                return;
            }
            case ENDED -> throw new IllegalStateException("the writer of " + target + " has ended");
            case FAILED, CLOSED -> throw new StoreFailure("the writer of " + target + " was broken off");
        }
    }
}
