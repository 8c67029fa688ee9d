package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.name.Amount;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Places and lengths of bars. */
class BarsTest {

    @Test
    void partsOfAWholeAreTogetherExactlyAllOfIt() {
        List<Bars.Piece> pieces = stacked(1, 1, 1, 4);

        assertThat(pieces.stream().map(Bars.Piece::at)).containsExactly("0.00%", "14.29%", "28.57%", "42.86%");
        assertThat(pieces.stream()
                        .map(piece -> new BigDecimal(piece.length().replace("%", "")))
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo("100");
    }

    @Test
    void nothingIsDrawnOfNothing() {
        assertThat(stacked(0, 0).stream().map(Bars.Piece::length)).containsExactly("0.00%", "0.00%");
        assertThat(Bars.length(5, 0)).isEqualTo("0.00%");
        assertThat(Bars.bytes(List.of())).isZero();
    }

    @Test
    void exabytesDoNotOverflow() {
        assertThat(Bars.length(4_000_000_000_000_000_000L, 8_000_000_000_000_000_000L))
                .isEqualTo("50.00%");
        assertThat(Bars.length(9, 3)).as("never longer than there is room").isEqualTo("100.00%");
    }

    @Test
    void eachDayHasAColumnAndTheHighestFillsTheRoom() {
        LocalDate today = LocalDate.of(2030, 1, 31);
        List<Bars.Column> columns =
                Bars.columns(Map.of(today, new Amount(1, 50), today.minusDays(2), new Amount(3, 200)), today, 4);

        assertThat(columns.stream().map(column -> column.day().getDayOfMonth())).containsExactly(28, 29, 30, 31);
        assertThat(columns.stream().map(Bars.Column::high)).containsExactly("0.00%", "100.00%", "0.00%", "25.00%");
        assertThat(columns.stream().map(Bars.Column::top)).containsExactly("100.00%", "0.00%", "100.00%", "75.00%");
        assertThat(columns.stream().map(Bars.Column::at)).containsExactly("0.00%", "25.00%", "50.00%", "75.00%");
        assertThat(columns.getFirst().wide()).isEqualTo("20.00%");
    }

    private static List<Bars.Piece> stacked(long... bytes) {
        return Bars.stacked(LongStream.of(bytes)
                .mapToObj(size -> new Bars.Part("part", "", new Amount(1, size), "one"))
                .toList());
    }
}
