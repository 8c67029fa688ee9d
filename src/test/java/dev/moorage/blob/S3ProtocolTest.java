package dev.moorage.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.name.BlobKey;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.S3Fault;
import dev.moorage.testing.S3Fault.Moment;
import dev.moorage.testing.S3Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Uploads that are broken off between any two steps, by a failure or by the end of the program, and that another replica
 * ends: the blob is whole, and nothing else stays that no tombstone names.
 */
class S3ProtocolTest {

    private static final String BUCKET = "blobs";
    private static final int PART = 20_000;
    private static final int MOST_STEPS = 300;

    private final FakeS3 fake = FakeS3.with(BUCKET);
    private final S3BlobStore store = S3Connection.open(
            S3Settings.of(
                    fake.endpoint(),
                    FakeS3.ACCESS_KEY,
                    "secret",
                    Map.of(
                            "bucket",
                            BUCKET,
                            "part-size",
                            Integer.toString(PART),
                            "retries",
                            "0",
                            "read-timeout",
                            "1s")),
            new PartMemory(64L * PART, 5_000));
    private final List<String> unnamed = new ArrayList<>();

    @AfterEach
    void close() {
        store.close();
        fake.close();
    }

    /** How a client sends its bytes: the lengths of its chunks, the last of them with the closing request. */
    enum Push {
        SMALL(100, 0),
        SMALL_AT_ONCE(100),
        SMALL_IN_CHUNKS(100, 50, 50, 0),
        SMALL_TO_LARGE(100, PART, 10, 0),
        LARGE(2 * PART + 100, 0),
        LARGE_AT_ONCE(2 * PART + 100),
        LARGE_WITHOUT_TAIL(2 * PART, 0),
        LARGE_IN_CHUNKS(PART + 100, 50, 50, 2 * PART, 0),
        NOTHING(0);

        @SuppressWarnings("ImmutableEnumChecker") // The list is made here and never changed.
        private final List<Integer> chunks;

        Push(Integer... chunks) {
            this.chunks = List.of(chunks);
        }

        int length() {
            return chunks.stream().mapToInt(Integer::intValue).sum();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureBetweenAnyTwoStepsCostsNothing(Push push) {
        brokenOffEverywhere(push, Steps.Death.ONE_FAILURE);
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfTheProgramBetweenAnyTwoStepsCostsNothing(Push push) {
        brokenOffEverywhere(push, Steps.Death.KILL);
    }

    private void brokenOffEverywhere(Push push, Steps.Death death) {
        boolean happened = true;
        for (int last = 1; happened; last++) {
            assertThat(last).as("steps of one upload").isLessThan(MOST_STEPS);
            Steps steps = new Steps(last, death);
            FakeUploadRow row = new FakeUploadRow(steps);
            watch(row, steps);
            push(push, row, steps);
            demandOneObject(push, row, "broken off at step " + last);
            happened = steps.happened();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatLandsAfterItsUploadWentOnChangesNothing(Push push) {
        int writes = countWrites(push);
        for (int delayed = 1; delayed <= writes; delayed++) {
            Steps steps = new Steps(Integer.MAX_VALUE, Steps.Death.KILL);
            FakeUploadRow row = new FakeUploadRow(steps);
            watch(row, steps);
            AtomicInteger seen = new AtomicInteger();
            int number = delayed;
            fake.once(request -> request.operation().writes() && seen.incrementAndGet() == number, new S3Fault.Late());
            push(push, row, steps);
            fake.landLate();
            demandOneObject(push, row, "with a late write request " + delayed);
        }
    }

    @Test
    void anUploadThatIsGivenUpLeavesOnlyWhatTombstonesName() {
        for (Push push : Push.values()) {
            boolean happened = true;
            for (int last = 1; happened; last++) {
                Steps steps = new Steps(last, Steps.Death.KILL);
                FakeUploadRow row = new FakeUploadRow(steps);
                watch(row, steps);
                byte[] bytes = BlobStoreContract.randomBytes(push.length());
                happened = !request(push, push.chunks.size() - 1, row, bytes);
                steps.beginAgain();
                if (row.finished().isEmpty()) {
                    row.expire();
                }
                sweep(row);
                assertThat(fake.everything(BUCKET))
                        .as(push + " given up at step " + last)
                        .isEqualTo(row.finished().map(BlobKey::value).stream().toList());
                row.finished().ifPresent(store::delete);
            }
        }
    }

    private int countWrites(Push push) {
        Steps steps = new Steps(Integer.MAX_VALUE, Steps.Death.KILL);
        FakeUploadRow row = new FakeUploadRow(steps);
        fake.forgetRequests();
        push(push, row, steps);
        int writes = fake.writes().size();
        demandOneObject(push, row, "undisturbed");
        return writes;
    }

    private void watch(FakeUploadRow row, Steps steps) {
        unnamed.clear();
        fake.crashWhen((moment, request) -> {
            if (moment == Moment.BEFORE_THE_EFFECT && makesSomething(request)) {
                if (!row.named().contains(new BlobKey(request.key()))) {
                    unnamed.add(request.toString());
                }
            }
            return steps.breaks();
        });
    }

    private static boolean makesSomething(S3Request request) {
        return switch (request.operation()) {
            case PUT_OBJECT, CREATE_UPLOAD, UPLOAD_PART, COMPLETE_UPLOAD -> true;
            default -> false;
        };
    }

    /** Sends chunk by chunk, each again from where the row stands until it went through. */
    private void push(Push push, FakeUploadRow row, Steps steps) {
        byte[] bytes = BlobStoreContract.randomBytes(push.length());
        for (int chunk = 0; chunk < push.chunks.size(); chunk++) {
            int attempts = 0;
            while (!request(push, chunk, row, bytes)) {
                attempts++;
                assertThat(attempts).as("attempts of one request").isLessThan(4);
                steps.beginAgain();
            }
        }
    }

    private boolean request(Push push, int chunk, FakeUploadRow row, byte[] bytes) {
        if (row.finished().isPresent()) {
            return true;
        }
        boolean closing = chunk == push.chunks.size() - 1;
        int end = 0;
        for (int i = 0; i <= chunk; i++) {
            end += push.chunks.get(i);
        }
        int from = (int) row.point().offset();
        FakeUploadRow.Held held = row.take(closing ? OptionalLong.of(end - from) : OptionalLong.empty());
        try (BlobWriter writer = store.open(row.target(), row.point(), held)) {
            send(writer, bytes, from, end, held);
            if (closing) {
                writer.commit();
                held.finish(writer.key());
            } else {
                held.record(writer.durable());
            }
            return true;
        } catch (ResumePointLost e) {
            throw new AssertionError("the upload is lost", e);
        } catch (StoreFailure | Steps.Ended e) {
            return false;
        }
    }

    private static void send(BlobWriter writer, byte[] bytes, int from, int end, FakeUploadRow.Held held) {
        int at = from;
        while (at < end) {
            int run = (int) Math.min(Math.min(7_000, end - at), writer.untilMark());
            writer.append(bytes, at, run);
            at += run;
            if (writer.atMark()) {
                writer.mark(held::record);
            }
        }
    }

    private void demandOneObject(Push push, FakeUploadRow row, String when) {
        fake.crashWhen((moment, request) -> false);
        BlobKey key = row.finished().orElseThrow();
        assertThat(unnamed).as("written before a row named it, %s", when).isEmpty();
        assertThat(BlobStoreContract.read(store, key))
                .as("the blob, %s", when)
                .isEqualTo(BlobStoreContract.randomBytes(push.length()));
        assertThat(row.tombstones()).as("tombstones, %s", when).doesNotContainKey(key);
        sweep(row);
        assertThat(fake.everything(BUCKET)).as("what stays, %s", when).containsExactly(key.value());
        store.delete(key);
    }

    private void sweep(FakeUploadRow row) {
        fake.crashWhen((moment, request) -> false);
        row.tombstones().forEach((key, multipart) -> {
            multipart.ifPresent(id -> store.abandon(key, Optional.of(id).filter(text -> !text.isEmpty())));
            store.delete(key);
        });
    }
}
