package dev.moorage.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(5), Duration.ofHours(1));

    @Test
    void waitDoublesUpToItsBound() {
        assertThat(IntStream.rangeClosed(1, 12).mapToObj(failures -> BACKOFF.after(failures, () -> 1)))
                .containsExactly(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(40),
                        Duration.ofSeconds(80),
                        Duration.ofSeconds(160),
                        Duration.ofSeconds(320),
                        Duration.ofSeconds(640),
                        Duration.ofSeconds(1280),
                        Duration.ofSeconds(2560),
                        Duration.ofHours(1),
                        Duration.ofHours(1));
        assertThat(BACKOFF.after(Integer.MAX_VALUE, () -> 1)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void whatFailedTogetherComesAgainApart() {
        assertThat(BACKOFF.after(2, () -> 0)).isEqualTo(Duration.ofMillis(7500));
        assertThat(BACKOFF.after(2, () -> 0.5)).isEqualTo(Duration.ofMillis(8750));
    }
}
