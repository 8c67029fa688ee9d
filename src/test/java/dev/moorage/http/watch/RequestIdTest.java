package dev.moorage.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "7d3f-42", "Root_1.2", "0123456789012345678901234567890123456789012345678901234567890123"})
    void idOfAClientIsKeptWhereItIsWellFormed(String id) {
        assertThat(RequestId.of(id)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a\nb",
                "a\"",
                "ä",
                "%0a",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void anyOtherIsReplaced(String id) {
        assertThat(RequestId.of(id)).matches("[0-9a-f]{32}").isNotEqualTo(id);
    }

    @Test
    void noTwoAreAlike() {
        assertThat(RequestId.of(null)).matches("[0-9a-f]{32}").isNotEqualTo(RequestId.of(null));
    }
}
