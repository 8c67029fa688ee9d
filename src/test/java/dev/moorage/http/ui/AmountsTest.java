package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.administration.OrganizationService.UndoWindow;
import dev.moorage.error.AdministrationException.Invalid;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Amounts as people type them. */
class AmountsTest {

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1000,1000",
        "50 GB,50000000000",
        "1.5gb,1500000000",
        "7kB,7000",
        "9223372036854775807,9223372036854775807"
    })
    void bytesAreReadWithTheUnitsInWhichTheyAreShown(String text, long bytes) {
        assertThat(Amounts.bytes("bytes", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "much", "1.5", "9223372036854775808", "99999999999 PB", "1 GiB", "0x10"})
    void whatIsNoAmountIsRefusedWithItsField(String text) {
        assertThatThrownBy(() -> Amounts.bytes("bytes", text))
                .isInstanceOf(Invalid.class)
                .hasMessageContaining("bytes is a number");
    }

    @Test
    void windowIsDaysOrADurationOrTheUsualOne() {
        assertThat(Amounts.window("")).isEqualTo(new UndoWindow.Usual());
        assertThat(Amounts.window("14")).isEqualTo(new UndoWindow.Of(Duration.ofDays(14)));
        assertThat(Amounts.window("PT36H")).isEqualTo(new UndoWindow.Of(Duration.ofHours(36)));
        assertThatThrownBy(() -> Amounts.window("soon")).isInstanceOf(Invalid.class);
        assertThat(Amounts.shownWindow("PT336H")).isEqualTo("14");
        assertThat(Amounts.shownWindow("PT36H")).isEqualTo("PT36H");
    }
}
