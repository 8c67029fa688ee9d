package dev.moorage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFactsTest {

    @Test
    void factsOfAnImageAreRead() {
        ConfigFacts facts = read("""
                {"created":"2024-02-29T12:00:00.123456789+01:00","architecture":"arm64","variant":"v8","os":"linux",
                 "os.version":"6.1","author":"x","rootfs":{"type":"layers","diff_ids":[]},
                 "config":{"Cmd":["sh"],"Labels":{"b":"1", "a":"\\u0000"}}}
                """);

        assertThat(facts)
                .isEqualTo(new ConfigFacts(
                        Optional.of(Instant.parse("2024-02-29T11:00:00.123456789Z")),
                        Optional.of("linux"),
                        Optional.of("arm64"),
                        Optional.of("v8"),
                        Optional.of("6.1"),
                        "{\"b\":\"1\", \"a\":\"\\u0000\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "5", "{}", "{} {}", "{\"os\":\"a\",\"os\":\"b\"}", "PK\u0003\u0004"})
    void configurationThatSaysNothingGivesNoFacts(String text) {
        assertThat(read(text)).isEqualTo(ConfigFacts.NONE);
    }

    @Test
    void configurationOfAnyNestingIsNoError() {
        assertThat(read("{\"a\":".repeat(100_000))).isEqualTo(ConfigFacts.NONE);
        assertThat(read("{\"os\":\"linux\",\"a\":" + "[".repeat(90) + "]".repeat(90) + "}")
                        .os())
                .contains("linux");
    }

    @Test
    void configurationIsReadToOneMebibyteAndNotAbove() {
        byte[] whole = Arrays.copyOf("{\"os\":\"linux\"}".getBytes(UTF_8), ConfigFacts.MAX_BYTES);
        Arrays.fill(whole, 14, whole.length, (byte) ' ');

        assertThat(ConfigFacts.read(whole).os()).contains("linux");
        assertThat(ConfigFacts.read(Arrays.copyOf(whole, whole.length + 1))).isEqualTo(ConfigFacts.NONE);
    }

    @Test
    void factThatCannotBeReadLeavesTheOthers() {
        ConfigFacts facts = read("{\"created\":\"yesterday\",\"os\":5,\"architecture\":\"a\\u0000\",\"variant\":\""
                + "v".repeat(256) + "\",\"os.version\":\"\\ud800\",\"config\":{\"Labels\":{\"a\":1}}}");

        assertThat(facts).isEqualTo(ConfigFacts.NONE);
        assertThat(read("{\"created\":\"yesterday\",\"os\":\"linux\"}").os()).contains("linux");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "5", "{\"Labels\":null}", "{\"Labels\":[]}", "{\"Labels\":{}}", "{}"})
    void labelsThatAreNoneAreAnEmptyObject(String config) {
        assertThat(read("{\"config\":" + config + "}").labels()).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource({
        "0001-01-01T00:00:00Z, true",
        "9999-12-31T23:59:59Z, true",
        "0000-12-31T23:59:59Z, false",
        "+10000-01-01T00:00:00Z, false",
        "+999999999-12-31T23:59:59Z, false",
        "-0001-01-01T00:00:00Z, false",
        "9999-12-31T23:59:59-18:00, false"
    })
    void timeThatADatabaseCannotHoldIsLeftOut(String time, boolean read) {
        assertThat(read("{\"created\":\"" + time + "\"}").created().isPresent()).isEqualTo(read);
    }

    private static ConfigFacts read(String text) {
        return ConfigFacts.read(text.getBytes(UTF_8));
    }
}
