package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.testing.TestSettings;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long the bytes of a body are waited for. */
class SlowBodiesTest {

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger cuts = new AtomicInteger();
    private final SlowBodies bodies = new SlowBodies(
            TestSettings.with(
                    Map.of("moorage.http.limits.slowest-body", "1000", "moorage.http.limits.body-patience", "60s")),
            now::get);

    /** Gives so many bytes at each read, after so long. */
    private final class Trickle extends InputStream {
        private final int bytes;
        private final Duration pause;

        Trickle(int bytes, Duration pause) {
            this.bytes = bytes;
            this.pause = pause;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            now.addAndGet(pause.toNanos());
            return bytes;
        }
    }

    @Test
    void aBodyThatTricklesIsWaitedForAsLongAsPatienceLastsAndNoLonger() {
        InputStream slow = watched(new Trickle(100, Duration.ofSeconds(1)));
        byte[] buffer = new byte[1000];

        // Each second costs one and earns a tenth.
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        assertThat(slow.read(buffer)).isEqualTo(100);
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(now.get())).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(70));
        assertThat(cuts).hasValue(1);
        assertThatThrownBy(() -> slow.read(buffer)).isInstanceOf(IOException.class);
    }

    @Test
    void aBodyThatIsJustFastEnoughMayTakeForEver() throws IOException {
        InputStream steady = watched(new Trickle(30_000, Duration.ofSeconds(30)));
        byte[] buffer = new byte[30_000];
        for (int i = 0; i < 10_000; i++) {
            steady.read(buffer);
        }
        assertThat(cuts).hasValue(0);
    }

    @Test
    void whatTheProgramTakesItselfIsNotCounted() throws IOException {
        InputStream body = watched(new Trickle(1, Duration.ofMillis(1)));
        for (int i = 0; i < 100; i++) {
            body.read(new byte[10]);
            now.addAndGet(Duration.ofHours(1).toNanos());
            bodies.look();
        }
        assertThat(cuts).hasValue(0);
    }

    @Test
    void aBodyThatDoesNotComeAtAllIsCutWhileItIsWaitedFor() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch cut = new CountDownLatch(1);
        PatientBody silent = bodies.watched(
                new InputStream() {
                    @Override
                    public int read() {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        waits.countDown();
                        try {
                            cut.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        throw new IOException("the connection is closed");
                    }
                },
                cut::countDown);
        Thread reader = Thread.ofVirtual()
                .start(() -> assertThatThrownBy(() -> silent.read(new byte[1])).isInstanceOf(IOException.class));
        waits.await();
        now.addAndGet(Duration.ofSeconds(59).toNanos());
        bodies.look();
        assertThat(cut.getCount()).isEqualTo(1);
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        bodies.look();
        reader.join();
        assertThat(cut.getCount()).isZero();
    }

    private InputStream watched(InputStream body) {
        return bodies.watched(body, cuts::incrementAndGet);
    }
}
