package dev.moorage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.testing.TestSettings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each setting refuses; that a refusal stops the program with its sentence is shown by the tests of its start. */
class StartupCheckTest {

    private static final Map<String, String> BUCKET =
            Map.of("moorage.storage.type", "s3", "moorage.storage.s3.bucket", "blobs");

    @ParameterizedTest
    @CsvSource({
        "moorage.uploads.expiry, -1h",
        "moorage.uploads.resume-point-bytes, 0",
        "moorage.uploads.concurrent, 0",
        "moorage.uploads.concurrent, -1",
        "moorage.uploads.open-per-organization, 0",
        "moorage.uploads.reaper-interval, 0s",
        "moorage.uploads.sweep-interval, 0s",
        "moorage.uploads.removal-delay, -1s",
        "moorage.undo.window, -1s",
        "moorage.collection.interval, 0s",
        "moorage.collection.batch, 0",
        "moorage.collection.batch, 10001",
        "moorage.collection.link-delay, 86399s",
        "moorage.collection.link-delay, 36501d",
        "moorage.collection.tombstone-delay, 3599s",
        "moorage.collection.delay.hold-ended, -1s",
        "moorage.collection.delay.manifest-gone, -1s",
        "moorage.collection.delay.link-gone, -1s",
        "moorage.data-directory, /dev/null/below",
        "moorage.storage.directory, /dev/null",
        "moorage.storage.rows-up-to, -1",
        "moorage.storage.rows-up-to, 131073"
    })
    void aSettingThatCannotBeMeantIsRefusedByItsName(String name, String value) {
        assertRefused(name, Map.of(name, value));
    }

    @ParameterizedTest
    @CsvSource({
        "part-size, 5242879",
        "part-size, 5368709121",
        "redirect-lifetime, 301s",
        "redirect-lifetime, 0s",
        "endpoint, ftp://127.0.0.1:9000",
        "endpoint, http://user:password@127.0.0.1:9000",
        "redirect-endpoint, //127.0.0.1:9000",
        "retries, -1",
        "connect-timeout, 0s",
        "read-timeout, -1s",
        "max-connections, 0",
        "access-key, alone"
    })
    void aSettingOfTheBucketThatCannotBeMeantIsRefusedByItsName(String setting, String value) {
        String name = "moorage.storage.s3." + setting;
        Map<String, String> settings = new HashMap<>(BUCKET);
        settings.put(name, value);
        assertRefused(name, settings);
    }

    @Test
    void aBucketWithTheDefaultsIsNotRefused() {
        assertThatCode(() -> check(BUCKET)).doesNotThrowAnyException();
        assertThatCode(() -> check(Map.of())).doesNotThrowAnyException();
    }

    private static void assertRefused(String name, Map<String, String> settings) {
        assertThat(catchThrowableOfType(StartupCheckFailed.class, () -> check(settings))
                        .getMessage())
                .contains(name)
                .endsWith(".")
                .doesNotContain("\n", "password@");
    }

    private static void check(Map<String, String> settings) {
        StartupCheck.check(TestSettings.with(settings), "127.0.0.1");
    }
}
