package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.drain.Drain;
import dev.moorage.lifecycle.CollectionPace.Company;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CollectionPaceTest {

    private final CollectionPace pace = new CollectionPace(new Drain());

    @Test
    void restsThreeTimesAsLongAsItWorkedBesideOthers() {
        assertThat(pace.restAfter(Company.OTHERS, Duration.ofMillis(7))).isEqualTo(Duration.ofMillis(21));
    }

    @Test
    void restsASecondAtMostAfterALookThatHadToWait() {
        assertThat(pace.restAfter(Company.OTHERS, Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void doesNotRestWhereNobodyIsDisturbed() {
        assertThat(pace.restAfter(Company.NOBODY, Duration.ofMillis(7))).isZero();
    }
}
