package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The row of an upload and its tombstones, as the database keeps them: what is written is there, whoever dies. */
final class FakeUploadRow {

    private final Steps steps;
    private BlobKey target = BlobStoreContract.newKey();
    private Optional<String> multipart = Optional.empty();
    private final Map<BlobKey, Optional<String>> objects = new LinkedHashMap<>();
    private final Map<BlobKey, Optional<String>> tombstones = new HashMap<>();
    private ResumePoint point = ResumePoint.START;
    private Optional<BlobKey> finished = Optional.empty();
    private long epoch;

    FakeUploadRow(Steps steps) {
        this.steps = steps;
    }

    /** Another request has taken the row. */
    static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Takes the row for the next request. */
    synchronized Held take(OptionalLong announced) {
        epoch++;
        return new Held(epoch, announced);
    }

    synchronized BlobKey target() {
        return target;
    }

    synchronized ResumePoint point() {
        return point;
    }

    synchronized Optional<BlobKey> finished() {
        return finished;
    }

    synchronized Map<BlobKey, Optional<String>> tombstones() {
        return Map.copyOf(tombstones);
    }

    /** Every key that some row names. */
    synchronized Set<BlobKey> named() {
        return Stream.of(Stream.of(target), objects.keySet().stream(), tombstones.keySet().stream())
                .flatMap(keys -> keys)
                .collect(Collectors.toSet());
    }

    /** Ends the upload without a blob: what it named is condemned. */
    synchronized void expire() {
        tombstones.putAll(objects);
        tombstones.put(target, multipart);
        objects.clear();
    }

    private synchronized void write(long by, Runnable change) {
        steps.reach();
        if (by != epoch || finished.isPresent()) {
            throw new Overtaken();
        }
        change.run();
        steps.reach();
    }

    /** The row in the hands of one request. */
    final class Held implements WriteJournal {

        private final long mine;
        private final OptionalLong announced;

        private Held(long mine, OptionalLong announced) {
            this.mine = mine;
            this.announced = announced;
        }

        @Override
        public long epoch() {
            return mine;
        }

        @Override
        public OptionalLong announced() {
            return announced;
        }

        @Override
        public void intend(WriteIntent intent) {
            write(mine, () -> {
                switch (intent) {
                    case WriteIntent.Target(BlobKey key) -> {
                        objects.put(target, multipart);
                        target = key;
                        multipart = Optional.empty();
                    }
                    case WriteIntent.Multipart begun ->
                        multipart = Optional.of(begun.id().orElse(""));
                    case WriteIntent.Tail tail -> objects.put(tail.key(), Optional.empty());
                    case WriteIntent.State(String store) -> point = new ResumePoint(point.offset(), store);
                    case WriteIntent.Completion(long size, String store) -> point = new ResumePoint(size, store);
                }
            });
        }

        void record(ResumePoint durable) {
            write(mine, () -> {
                point = new ResumePoint(durable.offset(), durable.store());
                durable.superseded().forEach(key -> {
                    if (objects.containsKey(key)) {
                        tombstones.put(key, objects.remove(key));
                    }
                });
            });
        }

        void finish(BlobKey key) {
            write(mine, () -> {
                if (!key.equals(target)) {
                    throw new AssertionError("the blob would lie where the row does not say");
                }
                finished = Optional.of(key);
                tombstones.putAll(objects);
                objects.clear();
            });
        }
    }
}
