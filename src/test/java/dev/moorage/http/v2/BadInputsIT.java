package dev.moorage.http.v2;

import dev.moorage.http.v2.BadInput.Scene;
import dev.moorage.testing.Answer;
import dev.moorage.testing.MoorageProcess;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of bad inputs, one line a test.
 *
 * <p>Left out are the rows that need access control (1–6, 39, 40, 45, 48, 49, and the third part of 37) and the one that
 * needs a database that is away (50).
 */
class BadInputsIT {

    // A scene that a refusal has left as it was serves the next row too.
    private static final AtomicReference<Optional<Scene>> unmoved = new AtomicReference<>(Optional.empty());

    static Stream<BadInput> rows() {
        return Stream.of(
                        BadNames.rows(),
                        BadUploads.rows(),
                        BadManifests.rows(),
                        BadReferences.rows(),
                        BadRequests.rows())
                .flatMap(rows -> rows)
                .sorted(Comparator.comparingInt(BadInput::row));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void everyBadInputHasItsAnswerAndLeavesNothing(BadInput input) {
        Scene scene = unmoved.getAndSet(Optional.empty()).orElseGet(() -> new Scene(MoorageProcess.shared()));
        try {
            Answer answer = input.request().apply(scene);
            input.demand().accept(answer);
            input.afterwards().accept(scene);
            if (answer.status() >= 400) {
                scene.assertUnmoved();
                unmoved.set(Optional.of(scene));
            }
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("row " + input + ": " + failure.getMessage(), failure);
        }
    }
}
