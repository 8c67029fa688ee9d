package dev.moorage.administration;

import dev.moorage.metadata.RepositorySummaryStore;
import java.time.Instant;
import java.util.Optional;

/**
 * A repository with what people ask of it at first.
 *
 * @param tags how many tags it has; as many as are counted where there are more
 * @param more whether it has more tags than are counted
 * @param pushedAt when something was pushed last that is there
 * @param bytes how much it keeps, what is held for undo too
 * @param icon whether it has a picture of its own
 */
public record RepositorySummary(
        String name,
        String visibility,
        String description,
        int tags,
        boolean more,
        Optional<Instant> pushedAt,
        long bytes,
        boolean icon) {

    static RepositorySummary of(RepositorySummaryStore.Summary summary) {
        return new RepositorySummary(
                summary.row().name().value(),
                summary.row().visibility().text(),
                summary.row().description(),
                Math.min(summary.tags(), RepositorySummaryStore.MOST_TAGS),
                summary.tags() > RepositorySummaryStore.MOST_TAGS,
                summary.pushedAt(),
                summary.bytes(),
                summary.icon());
    }
}
