package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.ui.StorageView.Growth;
import dev.moorage.name.StorageDay;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is drawn of what was kept by day. */
class StorageViewTest {

    private static final LocalDate TODAY = LocalDate.of(2030, 1, 31);

    @Test
    void lastDaysAreDrawnAndThoseWithoutAReportLeftOut() {
        Growth growth = StorageView.growth(
                List.of(
                        day(0, 50),
                        day(1, 200),
                        day(StorageView.DAYS_DRAWN - 1, 100),
                        day(StorageView.DAYS_DRAWN, 1_000_000)),
                TODAY);

        assertThat(growth.columns()).hasSize(StorageView.DAYS_DRAWN);
        assertThat(growth.columns().getFirst().high()).isEqualTo("50.00%");
        assertThat(growth.columns().get(1).high()).as("no report was made").isEqualTo("0.00%");
        assertThat(growth.columns().getLast().high()).isEqualTo("25.00%");
        assertThat(growth.told())
                .extracting(Bars.Column::day)
                .containsExactly(TODAY, TODAY.minusDays(1), TODAY.minusDays(StorageView.DAYS_DRAWN - 1L));
        assertThat(List.of(growth.getFirst(), growth.getLast(), growth.getMost()))
                .containsExactly(100L, 50L, 200L);
        assertThat(growth.getSince()).isEqualTo(TODAY.minusDays(StorageView.DAYS_DRAWN - 1L));
        assertThat(growth.getUntil()).isEqualTo(TODAY);
    }

    @Test
    void dayOnWhichNothingWasKeptIsToldToo() {
        Growth growth = StorageView.growth(List.of(day(0, 0)), TODAY);

        assertThat(growth.told()).hasSize(1);
        assertThat(growth.getMost()).isZero();
        assertThat(StorageView.growth(List.of(), TODAY).told()).isEmpty();
    }

    private static StorageDay day(int before, long bytes) {
        return new StorageDay(TODAY.minusDays(before), bytes);
    }
}
