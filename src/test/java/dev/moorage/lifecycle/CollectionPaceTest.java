package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CollectionPaceTest {

    private final CollectionPace pace = new CollectionPace();

    @Test
    void restsThreeTimesAsLongAsItWorked() {
        assertThat(pace.restAfter(Duration.ofMillis(7))).isEqualTo(Duration.ofMillis(21));
    }

    @Test
    void restsASecondAtMostAfterALookThatHadToWait() {
        assertThat(pace.restAfter(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(1));
    }
}
