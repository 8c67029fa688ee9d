package dev.moorage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartupFailureTest {

    @Test
    void causeOutsideOfTheProgramIsOneSentenceHoweverDeepItLies() {
        RuntimeException wrapped =
                new RuntimeException("Failed to start", new RuntimeException(new StartupCheckFailed("Do this.")));
        assertThat(report(wrapped)).isEqualTo("Do this.\n");
    }

    @Test
    void failureOfTheProgramItselfIsToldWhole() {
        assertThat(report(new IllegalStateException("broken"))).contains("broken", "\tat ");
    }

    @Test
    void complaintOfTheMappingIsSaidInPlainWords() {
        assertThat(SettingsComplaint.clause("SRCFG00050: moorage.foo in SysPropConfigSource does not map to any root"))
                .isEqualTo("moorage.foo is no setting");
        assertThat(
                        SettingsComplaint.clause(
                                "java.lang.IllegalArgumentException: SRCFG00039: The config property moorage.x with the config value \"4x\" threw an Exception whilst being converted SRCFG00030: Expected a long value, got \"4x\""))
                .isEqualTo("moorage.x is \"4x\", which cannot be read (Expected a long value, got \"4x\")");
        assertThat(SettingsComplaint.clause("SRCFG99999: something new")).isEqualTo("something new");
    }

    @Test
    void variableThatIsNoSettingIsRefusedAndThoseOfOthersAreNot() {
        assertThatCode(() -> EnvironmentCheck.check(List.of(
                        "MOORAGE_DATA_DIRECTORY",
                        "MOORAGE_UPLOADS_REMOVAL_DELAY",
                        "MOORAGE_STORAGE_DIRECTORY",
                        "MOORAGE_SERVICE_HOST",
                        "MOORAGE_WEB_PORT_80_TCP_PROTO",
                        "MOORAGE_TEST_DATABASE_URL",
                        "PATH")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> EnvironmentCheck.check(List.of("MOORAGE_DATA_DIR", "MOORAGE_UPLOAD_EXPIRY")))
                .isInstanceOf(StartupCheckFailed.class)
                .hasMessageStartingWith("MOORAGE_DATA_DIR, MOORAGE_UPLOAD_EXPIRY in the environment");
    }

    private static String report(Throwable failure) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        StartupFailure.report(failure, new PrintStream(printed, true, StandardCharsets.UTF_8));
        return printed.toString(StandardCharsets.UTF_8);
    }
}
