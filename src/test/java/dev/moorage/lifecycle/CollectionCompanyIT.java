package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.metadata.ReviewStore;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Await;
import dev.moorage.testing.Sql;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the collection knows whether it disturbs anybody. */
class CollectionCompanyIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @Test
    void whoeverIsInATransactionIsSeenAndNobodyWhenItHasEnded() throws SQLException {
        try (RegistryHarness registry = RegistryHarness.fresh(new FilesystemBlobStore(directory), Map.of())) {
            boolean meanwhile = registry.sql().inTransaction(connection -> {
                Sql.rows(connection, "SELECT 1");
                return othersAtWork(registry);
            });
            assertThat(meanwhile).isTrue();
            Await.until(LIMIT, "nobody at work", () -> !othersAtWork(registry));
        }
    }

    private static boolean othersAtWork(RegistryHarness registry) {
        return registry.transactions().read(new ReviewStore()::othersAtWork);
    }
}
