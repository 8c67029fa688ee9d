package dev.moorage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whether others are waited for. */
class CompanyTest {

    private final AtomicLong now = new AtomicLong(-1_000_000_000);
    private final Company company = new Company(Duration.ofMillis(2), now::get);

    @Test
    void nobodyIsExpectedAtFirst() {
        company.came();
        company.came();
        company.came();
        assertThat(company.expected()).isFalse();
    }

    @Test
    void whereFourCameWithinFourWaitsAnotherOneIsExpected() {
        for (int i = 0; i < 4; i++) {
            company.came();
            now.addAndGet(Duration.ofMillis(1).toNanos());
        }
        assertThat(company.expected()).isTrue();
    }

    @Test
    void whereTheyCameLongAgoNobodyIs() {
        for (int i = 0; i < 4; i++) {
            company.came();
        }
        now.addAndGet(Duration.ofMillis(9).toNanos());
        assertThat(company.expected()).isFalse();
    }

    @Test
    void whereTheyComeSeldomNobodyIs() {
        for (int i = 0; i < 100; i++) {
            company.came();
            now.addAndGet(Duration.ofMillis(3).toNanos());
        }
        assertThat(company.expected()).isFalse();
    }

    @Test
    void withoutAWaitNobodyEverIs() {
        Company never = Company.never();
        for (int i = 0; i < 100; i++) {
            never.came();
        }
        assertThat(never.expected()).isFalse();
        assertThat(never.await()).isFalse();
    }
}
