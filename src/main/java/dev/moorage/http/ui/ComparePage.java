package dev.moorage.http.ui;

import dev.moorage.registry.ComparisonService.Compared;
import java.util.List;
import java.util.Optional;

/**
 * What the page shows that compares two.
 *
 * @param repository the repository's name
 * @param from what was chosen as the one
 * @param to what was chosen as the other
 * @param tags tags to choose from
 * @param compared what differs, where both were chosen
 */
record ComparePage(String repository, String from, String to, List<String> tags, Optional<Compared> compared) {

    /** Keeps its own copy. */
    ComparePage {
        tags = List.copyOf(tags);
    }
}
