package dev.moorage.administration;

import dev.moorage.metadata.ImageListStore.Row;
import dev.moorage.metadata.ImageQuestion.Filter;
import dev.moorage.metadata.ImageQuestion.Labels;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.Sorting;
import java.util.List;
import java.util.Optional;

/** Looks for images a bounded number of manifests at a time. */
interface ImageRounds {

    /**
     * What is looked for.
     *
     * @param rows how many images are answered at once, one more than a page holds
     */
    record Question(Filter filter, Sorting sorting, Labels labels, int rows) {}

    /** What was looked at, and where it ended; empty where there is nothing behind. */
    record Round(List<Row> rows, Optional<ImagePlace> end) {

        /** Keeps its own copy. */
        public Round {
            rows = List.copyOf(rows);
        }

        /** What a statement answered that was asked for so many rows. */
        static Round of(List<Row> rows, int asked) {
            // As many as were asked for: there may be more behind the last of them.
            boolean more =
                    rows.size() == asked || (!rows.isEmpty() && rows.getLast().last());
            return new Round(rows, more ? Optional.of(ImagePlace.of(rows.getLast())) : Optional.empty());
        }
    }

    /**
     * Looks on.
     *
     * @param after where the round before ended
     * @param examined at how many manifests, about
     */
    Round look(Transaction transaction, ImagePlace after, int examined);
}
