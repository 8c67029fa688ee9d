package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RobotId;
import dev.moorage.name.TrustedIssuerId;
import dev.moorage.testing.TestSettings;
import dev.moorage.testing.Together;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {

    private static final String HERE = "192.0.2.7";
    private static final Principal NOBODY = new Principal.Anonymous();

    private final AtomicLong now = new AtomicLong(-5);
    private final RequestLimits limits =
            limits(Map.of("moorage.http.limits.caller-per-minute", "6", "moorage.http.limits.network-per-minute", "3"));

    @Test
    void minutesWorthIsThereAtOnceAndComesBackEvenly() {
        assertThat(taken(account(1), HERE)).isEqualTo(6);
        pass(Duration.ofSeconds(10).minusNanos(1));
        assertThat(taken(account(1), HERE)).isZero();
        pass(Duration.ofNanos(1));
        assertThat(taken(account(1), HERE)).isEqualTo(1);
        pass(Duration.ofSeconds(35));
        assertThat(taken(account(1), HERE)).isEqualTo(3);
        pass(Duration.ofHours(1));
        assertThat(taken(account(1), HERE)).isEqualTo(6);
    }

    @Test
    void whoWaitsAsLongAsHeIsToldComesIn() {
        taken(account(1), HERE);
        pass(Duration.ofMillis(2500));
        TooManyRequests refusal = refusal(account(1), HERE).orElseThrow();

        assertThat(refusal.headers()).containsEntry("Retry-After", "8");
        pass(Duration.ofSeconds(8));
        assertThat(refusal(account(1), HERE)).isEmpty();
    }

    @Test
    void refusedRequestsCostNothing() {
        taken(account(1), HERE);
        for (int i = 0; i < 100; i++) {
            assertThat(refusal(account(1), HERE)).isPresent();
        }
        pass(Duration.ofSeconds(10));
        assertThat(taken(account(1), HERE)).isEqualTo(1);
    }

    @Test
    void everyCallerHasHisOwn() {
        Principal one = job("repo:acme/web");
        Principal other = job("repo:acme/api");
        for (Principal caller : List.of(account(1), account(2), robot(1), one, other)) {
            assertThat(taken(caller, HERE)).isEqualTo(6);
        }
    }

    @Test
    void callerIsTheSameAfterHisEpochHasChangedAndFromAnotherAddress() {
        taken(new Principal.Account(new AccountId(1), "anna", 1, false), HERE);

        assertThat(taken(new Principal.Account(new AccountId(1), "anna", 2, true), "198.51.100.1"))
                .isZero();
    }

    @Test
    void nobodyIsCountedByHisNetwork() {
        assertThat(taken(NOBODY, HERE)).isEqualTo(3);
        assertThat(taken(NOBODY, "192.0.2.8")).isEqualTo(3);
        assertThat(taken(NOBODY, "2001:db8::1")).isEqualTo(3);
        assertThat(taken(NOBODY, "2001:db8::2:1")).isZero();
        assertThat(taken(NOBODY, "2001:db8:0:1::1")).isEqualTo(3);
        assertThat(taken(NOBODY, "")).isEqualTo(3);
        assertThat(taken(account(1), HERE)).isEqualTo(6);
    }

    @Test
    void nobodyIsLimitedUnlessASettingSaysSo() {
        RequestLimits none = limits(Map.of());
        for (int i = 0; i < 1000; i++) {
            none.count(account(1), HERE);
            none.count(NOBODY, HERE);
        }
    }

    @Test
    void atOnceNotOneMoreComesInThanOneByOne() throws InterruptedException {
        List<Callable<Integer>> all = Collections.nCopies(8, () -> taken(account(1), HERE));

        assertThat(Together.run(all).stream().mapToInt(taken -> taken).sum()).isEqualTo(6);
    }

    @Test
    void callersWithoutANameAreForgottenBeforeTheyTakeTheMemory() {
        Remembered<Integer, RequestBucket> few = new Remembered<>(10);
        RequestBucket first = few.getOrMake(0, RequestBucket::new);
        assertThat(few.getOrMake(0, RequestBucket::new)).isSameAs(first);
        for (int i = 1; i <= 20; i++) {
            few.getOrMake(i, RequestBucket::new);
        }
        assertThat(few.getOrMake(0, RequestBucket::new)).isNotSameAs(first);
    }

    /** How many requests are let in at this moment. */
    private int taken(Principal caller, String address) {
        int taken = 0;
        while (refusal(caller, address).isEmpty()) {
            taken++;
        }
        return taken;
    }

    private Optional<TooManyRequests> refusal(Principal caller, String address) {
        return Optional.ofNullable(catchThrowableOfType(TooManyRequests.class, () -> limits.count(caller, address)));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private RequestLimits limits(Map<String, String> settings) {
        return new RequestLimits(now::get, TestSettings.with(settings));
    }

    private static Principal account(long id) {
        return new Principal.Account(new AccountId(id), "account" + id, 1, false);
    }

    private static Principal robot(long id) {
        return new Principal.Robot(new RobotId(id), new OrganizationId(1), new OrganizationName("acme"), "ci", 1);
    }

    private static Principal job(String subject) {
        return new Principal.Job(new TrustedIssuerId(1), new OrganizationId(1), subject, 1, Map.of());
    }
}
