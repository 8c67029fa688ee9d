package dev.moorage.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.testing.Await;
import dev.moorage.testing.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that are gathered while another one asks. */
@Timeout(30)
class GatheringTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<List<Integer>> asked = new CopyOnWriteArrayList<>();

    @Test
    void whoComesAloneAsksAlone() {
        Gathering<Integer, String> gathering = new Gathering<>(64, this::answered);
        assertThat(gathering.ask(1)).contains("1");
        assertThat(gathering.ask(2)).contains("2");
        assertThat(asked).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void eachIsAnsweredWhatItAsked() throws InterruptedException {
        Gathering<Integer, String> gathering = new Gathering<>(5, this::answered);
        demandEachIsAnswered(gathering, 500);
        assertThat(asked).allMatch(all -> all.size() <= 5);
        assertThat(asked.stream().mapToInt(List::size).sum()).isEqualTo(500);
    }

    private static void demandEachIsAnswered(Gathering<Integer, String> gathering, int count)
            throws InterruptedException {
        List<Callable<Optional<String>>> requests = IntStream.range(0, count)
                .mapToObj(i -> (Callable<Optional<String>>) () -> gathering.ask(i))
                .toList();
        assertThat(Together.run(requests))
                .containsExactlyElementsOf(IntStream.range(0, count)
                        .mapToObj(i -> Optional.of(Integer.toString(i)))
                        .toList());
    }

    @Test
    void whatHasNoAnswerIsAnsweredSo() {
        Gathering<Integer, String> gathering = new Gathering<>(5, all -> List.of(Optional.empty()));
        assertThat(gathering.ask(1)).isEmpty();
    }

    @Test
    void whatOthersAskedWhileOneWasUnderWayIsAskedAtOnce() throws Exception {
        // The first is held up until all others wait, but for less time than they have patience.
        Held held = new Held();
        Gathering<Integer, String> gathering = new Gathering<>(64, held::answer);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> gathering.ask(0));
            held.begun.await();
            List<Future<Optional<String>>> others = new ArrayList<>();
            for (int i = 1; i <= 10; i++) {
                int number = i;
                others.add(threads.submit(() -> gathering.ask(number)));
            }
            Await.until(SOON, "ten that wait, or were asked together", () -> gathering.waiting() + held.others() == 10);
            held.release.countDown();
            assertThat(Together.get(first)).contains("0");
            for (int i = 1; i <= 10; i++) {
                assertThat(Together.get(others.get(i - 1))).contains(Integer.toString(i));
            }
        }
        assertThat(asked.stream().mapToInt(List::size).sum()).isEqualTo(11);
        assertThat(asked.size()).isLessThan(11);
    }

    @Test
    void whoAsksAndDoesNotComeBackHoldsUpNobodyElse() throws Exception {
        Held held = new Held();
        Gathering<Integer, String> gathering = new Gathering<>(64, held::answer);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> gathering.ask(0));
            held.begun.await();
            var second = threads.submit(() -> gathering.ask(1));
            assertThat(second.get(SOON.toSeconds(), TimeUnit.SECONDS)).contains("1");
            assertThat(gathering.ask(2)).contains("2");
            assertThat(first.isDone()).isFalse();
            held.release.countDown();
            assertThat(Together.get(first)).contains("0");
        }
        assertThat(gathering.ask(3)).contains("3");
        assertThat(gathering.askers()).isZero();
    }

    @Test
    void whereManyComeTheyAreLetCome() throws InterruptedException {
        Gathering<Integer, String> gathering =
                new Gathering<>(64, new Company(Duration.ofMillis(200), System::nanoTime), this::answered);
        demandEachIsAnswered(gathering, 64);
        assertThat(asked.stream().mapToInt(List::size).sum()).isEqualTo(64);
        assertThat(asked).hasSizeLessThan(16);
        assertThat(gathering.askers()).isZero();
    }

    @Test
    void whoeverIsInterruptedWhileOthersAreLetComeAsksAllTheSame() throws InterruptedException {
        Gathering<Integer, String> gathering =
                new Gathering<>(64, new Company(Duration.ofMillis(50), System::nanoTime), this::answered);
        IntStream.range(0, 4).forEach(gathering::ask);
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread asks = Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            gathering.ask(4);
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        asks.join();
        assertThat(interrupted).isTrue();
        assertThat(asked).endsWith(List.of(4));
        assertThat(gathering.askers()).isZero();
    }

    @Test
    void whatFailsForOneOfSeveralFailsForNoOther() throws InterruptedException {
        Gathering<Integer, String> gathering = new Gathering<>(64, all -> {
            if (all.contains(7)) {
                throw new IllegalStateException("seven");
            }
            return answered(all);
        });
        List<Callable<String>> requests = IntStream.range(0, 200)
                .mapToObj(i -> (Callable<String>) () -> {
                    try {
                        return gathering.ask(i).orElseThrow();
                    } catch (IllegalStateException e) {
                        return e.getMessage();
                    }
                })
                .toList();
        assertThat(Together.run(requests))
                .containsExactlyElementsOf(IntStream.range(0, 200)
                        .mapToObj(i -> i == 7 ? "seven" : Integer.toString(i))
                        .toList());
        assertThat(gathering.askers()).isZero();
    }

    @Test
    void aDatabaseThatIsAwayIsAwayForAllAndAskedOnce() {
        Gathering<Integer, String> gathering = new Gathering<>(64, all -> {
            asked.add(all);
            throw new Unavailable("away");
        });
        assertThatThrownBy(() -> gathering.ask(1)).isInstanceOf(Unavailable.class);
        assertThat(asked).hasSize(1);
        assertThat(gathering.askers()).isZero();
    }

    @Test
    void whatIsBrokenBeyondRepairIsToldToAllWhoWait() {
        Gathering<Integer, String> gathering = new Gathering<>(64, _ -> {
            throw new StackOverflowError();
        });
        CompletableFuture<Optional<String>> request = CompletableFuture.supplyAsync(() -> gathering.ask(1));
        assertThatThrownBy(request::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThat(gathering.askers()).isZero();
    }

    @Test
    void anInterruptedRequestIsAnsweredAndStaysInterrupted() throws Exception {
        Held held = new Held();
        Gathering<Integer, String> gathering = new Gathering<>(64, held::answer);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> gathering.ask(0));
            held.begun.await();
            var second = threads.submit(() -> {
                Thread.currentThread().interrupt();
                return gathering.ask(1).orElseThrow() + Thread.currentThread().isInterrupted();
            });
            assertThat(Together.get(second)).isEqualTo("1true");
            held.release.countDown();
            assertThat(Together.get(first)).contains("0");
        }
    }

    private List<Optional<String>> answered(List<Integer> all) {
        asked.add(all);
        return all.stream().map(i -> Optional.of(i.toString())).toList();
    }

    /** What does not answer the question 0 before it is let go. */
    private final class Held {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        List<Optional<String>> answer(List<Integer> all) {
            if (all.contains(0)) {
                begun.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return answered(all);
        }

        private int others() {
            return asked.stream().mapToInt(List::size).sum();
        }
    }
}
