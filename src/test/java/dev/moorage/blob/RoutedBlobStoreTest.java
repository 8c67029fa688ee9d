package dev.moorage.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import dev.moorage.name.Digest;
import dev.moorage.testing.StoreWrapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store with rows beside it is a store like any other, and a row is read and removed like any object. */
class RoutedBlobStoreTest extends BlobStoreContract {

    @TempDir
    private Path folder;

    private final TreeMap<String, byte[]> rows = new TreeMap<>();
    private BlobStore store;

    @BeforeEach
    void openStore() {
        store = new RoutedBlobStore(new FilesystemBlobStore(folder), new Rows());
    }

    @Override
    BlobStore store() {
        return store;
    }

    @Override
    BlobStore otherReplica() {
        return new RoutedBlobStore(new FilesystemBlobStore(folder), new Rows());
    }

    @Test
    void aRowIsReadWholeOrInPart() {
        BlobKey key = row("0123456789");

        assertThat(store.stat(key)).hasValue(10);
        assertThat(read(store, key)).isEqualTo(text("0123456789"));
        assertThat(read(store, key, new ByteRange(0, 0))).isEqualTo(text("0"));
        assertThat(read(store, key, new ByteRange(3, 9))).isEqualTo(text("3456789"));
        assertThatThrownBy(() -> store.read(key, Optional.of(new ByteRange(5, 10))))
                .isInstanceOf(StoreFailure.class);
        assertThat(store.redirect(key, 10)).isEmpty();
    }

    @Test
    void aRowThatIsGoneIsAbsentAndMayBeRemovedAgain() {
        BlobKey key = row("x");
        store.delete(key);
        store.delete(key);
        store.abandon(key, Optional.empty());

        assertThat(store.stat(key)).isEmpty();
        assertThat(store.read(key, Optional.empty())).isEmpty();
        assertThat(store.list(Optional.empty(), 10)).isEmpty();
    }

    @Test
    void nobodyWritesToARow() {
        assertThatThrownBy(() -> store.open(BlobKey.row(UUID.randomUUID()), ResumePoint.START, WriteJournal.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRowOfAnUploadIsItsObjectWhereNoMoreBytesCome() {
        BlobKey key = row("0123456789");
        List<WriteIntent> intents = new ArrayList<>();
        ResumePoint point = new ResumePoint(10, SmallObjects.state(key));

        assertThat(store.trusts(point)).isTrue();
        try (BlobWriter writer = store.open(key, point, intents::add)) {
            assertThat(writer.offset()).isEqualTo(10);
            assertThat(writer.durable()).isEqualTo(point);
            writer.mark(marked -> assertThat(marked).isEqualTo(point));
            writer.commit();
            assertThat(writer.key()).isEqualTo(key);
        }
        assertThat(intents).isEmpty();
        assertThat(read(store, key)).isEqualTo(text("0123456789"));
    }

    @Test
    void whereMoreBytesComeAllAreInTheStoreUnderAKeyThatWasSaidBefore() {
        BlobKey key = row("01234");
        List<WriteIntent> intents = new ArrayList<>();
        ResumePoint point;
        try (BlobWriter writer = store.open(key, new ResumePoint(5, SmallObjects.state(key)), intents::add)) {
            append(writer, "567");
            assertThat(intents).containsExactly(new WriteIntent.Target(writer.key()));
            assertThat(writer.key().isRow()).isFalse();
            point = writer.durable();
            assertThat(point.offset()).isEqualTo(8);
            assertThat(point.superseded()).containsExactly(key);
        }

        BlobKey moved = ((WriteIntent.Target) intents.getFirst()).key();
        try (BlobWriter writer = otherReplica().open(moved, point, WriteJournal.NONE)) {
            append(writer, "89");
            writer.commit();
        }
        assertThat(read(store, moved)).isEqualTo(text("0123456789"));
        assertThat(read(store, key)).isEqualTo(text("01234"));
    }

    @Test
    void whoeverComesAfterAWriterThatWasNotHeardOfBeginsAnewFromTheRow() {
        BlobKey key = row("01234");
        ResumePoint point = new ResumePoint(5, SmallObjects.state(key));
        List<WriteIntent> intents = new ArrayList<>();
        try (BlobWriter writer = store.open(key, point, intents::add)) {
            append(writer, "lost");
        }
        BlobKey first = ((WriteIntent.Target) intents.getFirst()).key();

        for (String more : List.of("", "567")) {
            intents.clear();
            try (BlobWriter writer = otherReplica().open(first, point, intents::add)) {
                if (!more.isEmpty()) {
                    append(writer, more);
                }
                writer.commit();
                assertThat(writer.key()).isNotEqualTo(first).isNotEqualTo(key);
                assertThat(intents).containsExactly(new WriteIntent.Target(writer.key()));
                assertThat(read(store, writer.key())).isEqualTo(text("01234" + more));
            }
        }
    }

    @Test
    void theDigestGoesOnFromTheRowWithOrWithoutItsState() {
        BlobKey key = row("01234");
        ContentHash hash = ContentHash.start(Digest.Algorithm.SHA256);
        hash.update(text("01234"), 0, 5);
        ResumePoint point = new ResumePoint(5, SmallObjects.state(key));

        for (Optional<byte[]> state : List.of(hash.state(), Optional.<byte[]>empty())) {
            for (BlobKey named : List.of(key, newKey())) {
                Snapshot from = new Snapshot(point, hash.peek(), state);
                try (VerifyingWriter writer = VerifyingWriter.open(store, named, from, WriteJournal.NONE, _ -> {})) {
                    assertThat(writer.digest()).isEqualTo(hash.peek());
                    writer.append(text("56"), 0, 2);
                    assertThat(writer.digest()).isEqualTo(Digest.ofBytes(Digest.Algorithm.SHA256, text("0123456")));
                    writer.commit();
                    assertThat(read(store, writer.key())).isEqualTo(text("0123456"));
                }
            }
        }
    }

    @Test
    void aStoreThatFailsOnTheWayLeavesTheRowToTheNextTry() {
        BlobKey key = row("01234");
        AtomicBoolean fails = new AtomicBoolean(true);
        BlobStore failing = new RoutedBlobStore(
                new StoreWrapper(new FilesystemBlobStore(folder)) {
                    @Override
                    public BlobWriter open(BlobKey target, ResumePoint from, WriteJournal journal) {
                        if (fails.getAndSet(false)) {
                            throw new StoreBusy("no memory");
                        }
                        return super.open(target, from, journal);
                    }
                },
                new Rows());
        try (BlobWriter writer = failing.open(key, new ResumePoint(5, SmallObjects.state(key)), WriteJournal.NONE)) {
            assertThatThrownBy(() -> append(writer, "5")).isInstanceOf(StoreBusy.class);
            assertThat(writer.offset()).isEqualTo(5);
            append(writer, "56");
            writer.commit();
            assertThat(read(store, writer.key())).isEqualTo(text("0123456"));
        }
    }

    @Test
    void aRowThatIsGoneOrShorterThanTheUploadSaysIsLost() {
        BlobKey key = row("01234");
        try (BlobWriter writer = store.open(key, new ResumePoint(6, SmallObjects.state(key)), WriteJournal.NONE)) {
            assertThatThrownBy(() -> append(writer, "x")).isInstanceOf(ResumePointLost.class);
        }
        rows.clear();
        try (BlobWriter writer = store.open(key, new ResumePoint(5, SmallObjects.state(key)), WriteJournal.NONE)) {
            assertThatThrownBy(() -> append(writer, "x")).isInstanceOf(ResumePointLost.class);
        }
    }

    @Test
    void aWriterThatWasClosedBeforeItsFirstByteTouchesNothing() {
        BlobKey key = row("01234");
        List<WriteIntent> intents = new ArrayList<>();
        BlobWriter writer = store.open(key, new ResumePoint(5, SmallObjects.state(key)), intents::add);
        writer.close();

        assertThatThrownBy(() -> append(writer, "x")).isInstanceOf(StoreFailure.class);
        assertThat(intents).isEmpty();
    }

    @Test
    void objectsAndRowsAreListedTogetherInPagesOfEverySize() {
        List<BlobKey> all = new ArrayList<>();
        IntStream.range(0, 5).forEach(i -> all.add(row("row " + i)));
        IntStream.range(0, 5).forEach(_ -> {
            BlobKey key = newKey();
            put(store, key, text("object"));
            all.add(key);
        });
        all.sort((a, b) -> a.value().compareTo(b.value()));

        for (int limit = 1; limit <= 11; limit++) {
            List<BlobKey> listed = new ArrayList<>();
            List<BlobKey> page;
            do {
                page = store.list(listed.isEmpty() ? Optional.empty() : Optional.of(listed.getLast()), limit);
                listed.addAll(page);
            } while (page.size() == limit);
            assertThat(listed).as("pages of %d", limit).isEqualTo(all);
        }
    }

    private BlobKey row(String text) {
        BlobKey key = BlobKey.row(UUID.randomUUID());
        rows.put(key.value(), text(text));
        return key;
    }

    private final class Rows implements SmallObjects {

        @Override
        public Optional<byte[]> read(BlobKey key) {
            return Optional.ofNullable(rows.get(key.value()));
        }

        @Override
        public OptionalLong stat(BlobKey key) {
            return read(key).stream().mapToLong(bytes -> bytes.length).findFirst();
        }

        @Override
        public void delete(BlobKey key) {
            rows.remove(key.value());
        }

        @Override
        public List<BlobKey> list(Optional<BlobKey> after, int limit) {
            return rows.tailMap(after.map(BlobKey::value).orElse(""), false).keySet().stream()
                    .limit(limit)
                    .map(BlobKey::new)
                    .toList();
        }
    }
}
