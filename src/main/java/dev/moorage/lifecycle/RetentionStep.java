package dev.moorage.lifecycle;

import dev.moorage.metadata.RetentionDecisionStore.Due;
import dev.moorage.metadata.RetentionRun.Progress;
import dev.moorage.metadata.Transaction;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one step of a run writes, in one short transaction.
 *
 * @param progress how far the run has come then
 * @param work what is written with it
 */
record RetentionStep(Progress progress, Consumer<Transaction> work) {

    /** A step that only comes on. */
    static RetentionStep to(Progress progress) {
        return new RetentionStep(progress, _ -> {});
    }

    /** Those at the beginning that are in one repository, for a transaction locks one only. */
    static List<Due> ofOneRepository(List<Due> page) {
        return page.stream()
                .takeWhile(due -> due.repository() == page.getFirst().repository())
                .toList();
    }
}
