package dev.moorage.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Await;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class QuestionTest {

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void answerIsUpWithWhatIsWorthKnowing() {
        HealthCheckResponse answer = new Question("x", () -> Map.of("mode", "good")).answer();
        assertThat(answer.getName()).isEqualTo("x");
        assertThat(answer.getStatus()).isEqualTo(Status.UP);
        assertThat(answer.getData()).contains(Map.of("mode", "good"));
    }

    @Test
    void failureIsDownWithItsReason() {
        HealthCheckResponse answer = new Question("x", () -> {
                    throw new IllegalStateException("refused");
                })
                .answer();
        assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
        assertThat(answer.getData()).contains(Map.of("reason", "refused"));
    }

    @Test
    void meterShowsTheLastAnswer() {
        AtomicBoolean away = new AtomicBoolean();
        Question question = new Question("x", () -> {
            if (away.get()) {
                throw new IllegalStateException("refused");
            }
            return Map.of();
        });
        assertThat(question.up()).isNaN();
        assertThat(question.answer().getStatus()).isEqualTo(Status.UP);
        assertThat(question.up()).isEqualTo(1.0);
        away.set(true);
        Await.until(
                Duration.ofSeconds(10),
                "the next answer",
                () -> question.answer().getStatus() == Status.DOWN);
        assertThat(question.up()).isZero();
    }

    @Test
    void whatHangsIsAskedOnceAndWaitedForOnceAndHeals() {
        CountDownLatch answers = new CountDownLatch(1);
        Question question = new Question("x", Duration.ofMillis(200), () -> {
            asked.incrementAndGet();
            awaitUninterruptibly(answers);
            return Map.of();
        });

        assertThat(question.answer().getStatus()).isEqualTo(Status.DOWN);
        long begin = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            assertThat(question.answer().getStatus()).isEqualTo(Status.DOWN);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertThat(asked).hasValue(1);

        answers.countDown();
        Await.until(
                Duration.ofSeconds(5),
                "the question's answer",
                () -> question.answer().getStatus() == Status.UP);
    }

    @Test
    void manyWhoAskAtOnceShareAnAnswer() {
        Question question = new Question("x", () -> Map.of("number", Integer.toString(asked.incrementAndGet())));
        for (int i = 0; i < 1000; i++) {
            assertThat(question.answer().getStatus()).isEqualTo(Status.UP);
        }
        assertThat(asked.get()).isLessThan(100);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
