package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.error.RegistryException;
import dev.moorage.testing.TestDatabase;
import dev.moorage.testing.Together;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many who guess at the same moment, before the first of them is known to be wrong. */
class ParallelGuessIT {

    private static final int GUESSES = 60;
    private static final int ALLOWED = 10;
    private static final int PLACES = 2;

    @ParameterizedTest
    @ValueSource(strings = {"anna", "nobody"})
    void noMoreGuessesAreHashedTogetherThanOneAfterAnother(String name) throws InterruptedException {
        try (SecuredHarness harness =
                new SecuredHarness(TestDatabase.fresh(), Map.of("moorage.access.throttle.first-wait", "10m"))) {
            harness.account("anna");
            List<Callable<Integer>> guesses = IntStream.range(0, GUESSES)
                    .<Callable<Integer>>mapToObj(i -> () -> status(harness, name, "wrong" + i))
                    .toList();

            List<Integer> answers = Together.run(guesses);

            assertThat(harness.derivations.size()).isBetween(ALLOWED, ALLOWED + PLACES - 1);
            assertThat(answers).hasSize(GUESSES).containsOnly(401, 429);
        }
    }

    private static int status(SecuredHarness harness, String name, String password) {
        try {
            harness.access.enter(SecuredHarness.basic(name, password));
            return 200;
        } catch (RegistryException e) {
            return e.status();
        }
    }
}
