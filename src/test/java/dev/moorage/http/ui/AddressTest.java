package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.error.AdministrationException.Invalid;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of pages, and times in their fields. */
class AddressTest {

    @Test
    void addressHoldsWhatIsAskedEncoded() {
        assertThat(Address.of("/console/images")
                        .with("a", Optional.of("x&y=\"<"))
                        .with("b", Optional.empty())
                        .with("c", Optional.of(""))
                        .with("label", List.of("k=v", "w w")))
                .hasToString("/console/images?a=x%26y%3D%22%3C&label=k%3Dv&label=w%20w");
        assertThat(Address.of("/console/images")).hasToString("/console/images");
    }

    @ParameterizedTest
    @CsvSource({
        "2030-01-31, 2030-01-31T00:00:00Z",
        "2030-01-31T12:30, 2030-01-31T12:30:00Z",
        "2030-01-31T12:30:15, 2030-01-31T12:30:15Z",
        "2030-01-31T12:30Z, 2030-01-31T12:30:00Z",
        "2030-01-31T12:30:00+02:00, 2030-01-31T10:30:00Z",
        "2030-01-31T12:30:00-02:00, 2030-01-31T14:30:00Z"
    })
    void timesAreReadInUtcUnlessTheySayOtherwise(String text, Instant time) {
        assertThat(Moments.parse("since", text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2030-13-01", "2030-01-31T", "T", "2030-01-31 12:00"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Moments.parse("since", text))
                .isInstanceOf(Invalid.class)
                .hasMessageStartingWith("since is a day");
    }

    @Test
    void fieldsHoldTimesAsBrowsersWriteThem() {
        Instant time = Instant.parse("2030-01-31T12:30:15Z");

        assertThat(Moments.field(time)).isEqualTo("2030-01-31T12:30");
        assertThat(Moments.day(time)).isEqualTo("2030-01-31");
    }
}
