package dev.moorage.http.ui;

import dev.moorage.administration.Listing;
import dev.moorage.registry.ImageComparison;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A page of a history.
 *
 * @param place the name of the repository or the organization
 * @param address where its pages are
 * @param tag the tag of which it is the history; empty for all of the place
 * @param rows what happened, the newest first
 * @param next behind what the next page begins
 * @param done whether this page follows an undo that it shows
 * @param comparisons what differed, by the events of the newest moves
 */
record HistoryPage(
        String place,
        String address,
        Optional<String> tag,
        List<HistoryRow> rows,
        Optional<String> next,
        boolean done,
        Map<String, ImageComparison> comparisons) {

    /** Keeps its own copies. */
    HistoryPage {
        rows = List.copyOf(rows);
        comparisons = Map.copyOf(comparisons);
    }

    static HistoryPage of(
            String place,
            String address,
            Listing<HistoryRow> listing,
            Optional<String> done,
            Map<String, ImageComparison> comparisons) {
        return new HistoryPage(
                place,
                address,
                Optional.empty(),
                listing.items(),
                listing.next(),
                done.filter(reference -> listing.items().stream()
                                .anyMatch(row -> row.reference().equals(reference)))
                        .isPresent(),
                comparisons);
    }

    /** Where the repository's pages are in which something happened; empty where that is none. */
    public Optional<String> repository(HistoryRow row) {
        return row.repository().map(Shown::repository).or(() -> tag.map(_ -> address));
    }

    /** What differed, where it was looked at. */
    public Optional<ImageComparison> comparison(HistoryRow row) {
        return Optional.ofNullable(comparisons.get(row.reference()));
    }
}
