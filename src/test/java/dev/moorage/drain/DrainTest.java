package dev.moorage.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.config.MoorageConfig;
import dev.moorage.testing.Await;
import dev.moorage.testing.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The way from the signal to the end. */
class DrainTest {

    private final Drain drain = new Drain();
    private final List<String> steps = new CopyOnWriteArrayList<>();

    @Test
    void withNothingUnderWayTheEndComesAtOnce() throws Exception {
        long begin = System.nanoTime();
        sequence("0s", "1h").run();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(drain.begun()).isTrue();
        assertThat(drain.parks()).isFalse();
    }

    @Test
    void whatIsUnderWayIsWaitedForAndNeitherParkedNorCut() throws Exception {
        Drain.Work first = drain.request();
        Drain.Work second = drain.request();
        drain.atBegin(() -> steps.add("begin"));
        drain.atCut(() -> steps.add("cut"));
        Thread sequence = Thread.ofVirtual().start(() -> run(sequence("0s", "1h")));
        Await.until(Duration.ofSeconds(10), "the beginning", drain::begun);

        first.close();
        first.close();
        assertThat(sequence.join(Duration.ofMillis(300))).isFalse();
        second.close();
        assertThat(sequence.join(Duration.ofSeconds(10))).isTrue();
        assertThat(steps).containsExactly("begin");
        assertThat(drain.parks()).isFalse();
    }

    @Test
    void whatTakesTooLongParksAndTheRestIsCut() throws Exception {
        Drain.Work stubborn = drain.request();
        drain.atCut(() -> {
            steps.add(drain.parks() ? "cut after it could park" : "cut");
            stubborn.close();
        });
        sequence("0s", "0s").run();
        assertThat(steps).containsExactly("cut after it could park");
    }

    @Test
    void aStepThatFailsHoldsUpNoOther() throws Exception {
        Drain.Work stubborn = drain.request();
        drain.atBegin(() -> {
            throw new IllegalStateException("a connection that dies");
        });
        drain.atBegin(() -> steps.add("begin"));
        drain.atCut(() -> {
            throw new IllegalStateException("another one");
        });
        drain.atCut(() -> {
            steps.add("cut");
            stubborn.close();
        });
        sequence("0s", "0s").run();
        assertThat(steps).containsExactly("begin", "cut");
        assertThat(drain.parks()).isTrue();
    }

    @Test
    void aRequestMayLastAsLongAsTheSequenceWaits() {
        assertThat(Drain.longest(settings("10s", "30s").drain())).isEqualTo(Duration.ofSeconds(49));
    }

    @Test
    void anotherSignalEndsTheDelayAndTheWait() throws Exception {
        Drain.Work stubborn = drain.request();
        drain.atCut(stubborn::close);
        Thread sequence = Thread.ofVirtual().start(() -> run(sequence("1h", "1h")));
        Await.until(Duration.ofSeconds(10), "the beginning", drain::begun);
        drain.hurry();
        assertThat(sequence.join(Duration.ofSeconds(30))).isTrue();
        assertThat(drain.parks()).isTrue();
    }

    @Test
    void workThatMayEndAtAnyMomentHoldsUpNobody() throws Exception {
        try (Drain.Work _ = drain.background()) {
            long begin = System.nanoTime();
            sequence("0s", "1h").run();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        }
    }

    private DrainSequence sequence(String delay, String timeout) {
        return new DrainSequence(drain, settings(delay, timeout));
    }

    private static MoorageConfig settings(String delay, String timeout) {
        return TestSettings.with(Map.of("moorage.drain.delay", delay, "moorage.drain.timeout", timeout));
    }

    private static void run(DrainSequence sequence) {
        try {
            sequence.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
