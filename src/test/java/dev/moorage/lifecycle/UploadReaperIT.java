package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.name.UploadId;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.Together;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions whose time is over end, by the database's clock; what they stored is condemned, and nothing else. */
class UploadReaperIT {

    private static final String WEB = "acme/web";
    private static final Grant GRANT = Grant.system("test");

    private final byte[] bytes = ImageFactory.seeded(41).bytes(500);

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void anExpiredSessionEndsAndItsObjectIsCondemned() {
        UploadId expired = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), expired, RegistryHarness.chunk(bytes));
        String key = registry.sql().rows("SELECT storage_key FROM upload").getFirst();
        registry.sql().change("UPDATE upload SET expires_at = now()");
        UploadId young = registry.begin(WEB);

        assertThat(reaper(registry).reap(GRANT)).isOne();
        assertThat(registry.sql().rows("SELECT id FROM upload")).containsExactly(young.toString());
        assertThat(registry.sql().rows("SELECT storage_key, size FROM tombstone"))
                .containsExactly(key + " 500");
    }

    @Test
    void anExpiredSessionThatARequestHoldsIsLeftAlone() {
        registry.begin(WEB);
        registry.sql()
                .change("UPDATE upload SET expires_at = now(), lease_until = now() + interval '1 minute', epoch = 1");
        assertThat(reaper(registry).reap(GRANT)).isZero();

        registry.sql().change("UPDATE upload SET lease_until = now() - interval '1 second'");
        assertThat(reaper(registry).reap(GRANT)).isOne();
    }

    @Test
    void aFinishedSessionGoesWithoutItsBlob() {
        registry.pushBlob(WEB, bytes);
        registry.sql().change("UPDATE upload SET expires_at = now()");

        assertThat(reaper(registry).reap(GRANT)).isOne();
        assertThat(registry.sql().number("SELECT count(*) FROM tombstone")).isZero();
        assertThat(registry.sql().number("SELECT count(*) FROM blob")).isOne();
    }

    @Test
    void twoReapersEndEachOfManySessionsOnce() throws InterruptedException {
        registry.begin(WEB);
        registry.sql().change("""
                INSERT INTO upload (id, organization_id, repository_id, account, algorithm, storage_key, expires_at)
                SELECT id, organization_id, repository_id, 'tester', 'sha256',
                    'blobs/' || substr(id::text, 1, 2) || '/' || substr(id::text, 3, 2) || '/' || id, now()
                FROM (
                    SELECT gen_random_uuid() AS id, organization_id, repository_id
                    FROM upload, generate_series(1, 450)) many
                """);
        RegistryHarness two = registry.replica();
        List<Integer> ended = Together.run(
                List.of(() -> reaper(registry).reap(GRANT), () -> reaper(two).reap(GRANT)));

        assertThat(ended.get(0) + ended.get(1)).isEqualTo(450);
        assertThat(registry.sql().number("SELECT count(*) FROM tombstone")).isEqualTo(450);
        assertThat(registry.sql().number("SELECT count(*) FROM upload")).isOne();
    }

    private static UploadReaper reaper(RegistryHarness registry) {
        return TestHousekeeping.reaper(registry);
    }
}
