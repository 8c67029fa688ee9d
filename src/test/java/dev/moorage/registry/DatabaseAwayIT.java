package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RepositoryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** Row 50 of the bad inputs: a database that is away is never an absent image, and never a success. */
@DisabledIfEnvironmentVariable(
        named = "MOORAGE_TEST_DATABASE_URL",
        matches = ".+",
        disabledReason = "a server that belongs to somebody else is not killed")
class DatabaseAwayIT {

    @Test
    void everyRequestIsAnsweredUnavailableWhileTheDatabaseIsAway() throws IOException {
        try (MoorageProcess own = MoorageProcess.start("away", MoorageProcess.Settings.usual())) {
            RepositoryClient repository = own.client().newRepository();
            ImageFactory images = ImageFactory.seeded(50);
            ImageFactory.Image image = repository.push("v1", images.image());
            String blob = image.blobs().getLast().digest();
            String location = repository.beginUpload();
            byte[] bytes = images.bytes(1000);
            killDatabase(own);

            List<Supplier<Answer>> requests = List.of(
                    () -> repository.get("manifests/v1"),
                    () -> repository.get("manifests/" + image.digest()),
                    () -> repository.get("blobs/" + blob),
                    () -> repository.get("tags/list"),
                    () -> repository.get("referrers/" + image.digest()),
                    () -> repository.delete("manifests/v1"),
                    () -> repository.delete("blobs/" + blob),
                    repository::begin,
                    () -> repository.status(location),
                    () -> repository.patch(location, bytes),
                    () -> repository.finish(location, blob, bytes),
                    () -> repository.cancel(location),
                    () -> repository.put("v2", image.manifest()));
            for (Supplier<Answer> request : requests) {
                Answer answer = request.get().expectError(503, "UNAVAILABLE");
                assertThat(answer.header("retry-after")).isNotEmpty();
            }
            assertThat(repository.head("manifests/v1").status()).isEqualTo(503);
            // The probe of clients needs no database.
            own.client().request("GET", "/v2/").send().expect(200);
        }
    }

    private static void killDatabase(MoorageProcess program) throws IOException {
        long pid = Long.parseLong(Files.readAllLines(program.dataDirectory().resolve("postgres/data/postmaster.pid"))
                .getFirst()
                .strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().join();
    }
}
