package dev.moorage.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.testing.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whoever needs memory waits for it, and nobody else does. */
class PartMemoryTest {

    private static final long PART = 16L * PartMemory.SEGMENT;

    @Test
    void whoNeedsNothingOrLittleDoesNotQueueBehindWhoWaitsForParts() throws Exception {
        PartMemory memory = new PartMemory(2 * PART + PartMemory.SEGMENT, 20_000);
        PartMemory.Share held = memory.take(PART, 2 * PART);
        CompletableFuture<PartMemory.Share> waiting = new CompletableFuture<>();
        Thread waiter = Thread.ofVirtual().start(() -> waiting.complete(memory.take(PART, 2 * PART)));
        Await.until(Duration.ofSeconds(10), "the queue", () -> waiter.getState() == Thread.State.TIMED_WAITING);

        memory.take(0, 0).close();
        memory.take(10, 10).close();
        assertThat(waiting).isNotDone();

        held.close();
        waiting.get().close();
    }

    @Test
    void whoNeedsMoreThanThereIsIsRefusedInTime() {
        PartMemory memory = new PartMemory(PART, 1);

        assertThatThrownBy(() -> memory.take(2 * PART, 2 * PART)).isInstanceOf(StoreBusy.class);
        try (PartMemory.Share all = memory.take(PART, PART)) {
            assertThat(all.bytes()).isEqualTo(PART);
            assertThatThrownBy(() -> memory.take(PART, PART)).isInstanceOf(StoreBusy.class);
        }
        memory.take(PART, PART).close();
    }

    @Test
    void whatNobodyWaitsForCanBeBorrowedAndComesBack() {
        PartMemory memory = new PartMemory(4 * PART, 1);
        try (PartMemory.Share share = memory.take(PART, PART)) {
            assertThat(share.grow(PART)).isTrue();
            assertThat(share.grow(2 * PART)).isTrue();
            assertThat(share.grow(PART)).isFalse();
            assertThat(share.bytes()).isEqualTo(memory.taken()).isEqualTo(4 * PART);

            share.shrink(2 * PART);
            assertThat(share.bytes()).isEqualTo(memory.taken()).isEqualTo(2 * PART);
            share.shrink(0);
            assertThat(share.bytes()).isEqualTo(memory.taken()).isEqualTo(PART);
        }
        assertThat(memory.taken()).isZero();
    }

    @Test
    void noMoreIsLentThanMayBe() {
        PartMemory memory = new PartMemory(9 * PART, 2 * PART, 1);
        PartMemory.Share one = memory.take(PART, PART);
        PartMemory.Share other = memory.take(PART, PART);
        assertThat(one.grow(PART)).isTrue();
        assertThat(other.grow(PART)).isTrue();
        assertThat(other.grow(PART)).isFalse();

        one.close();
        assertThat(other.grow(PART)).isTrue();
        other.shrink(0);
        assertThat(other.grow(2 * PART)).isTrue();
        other.close();
        assertThat(memory.taken()).isZero();
    }

    @Test
    void nothingIsBorrowedBeforeWhoWaits() throws Exception {
        PartMemory memory = new PartMemory(3 * PART, 20_000);
        PartMemory.Share share = memory.take(PART, PART);
        CompletableFuture<PartMemory.Share> waiting = new CompletableFuture<>();
        Thread waiter = Thread.ofVirtual().start(() -> waiting.complete(memory.take(3 * PART, 3 * PART)));
        Await.until(Duration.ofSeconds(10), "the queue", () -> waiter.getState() == Thread.State.TIMED_WAITING);

        assertThat(share.grow(PART)).isFalse();

        share.close();
        waiting.get().close();
        assertThat(memory.taken()).isZero();
    }
}
