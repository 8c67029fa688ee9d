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

    /** Gives up the transaction of a step, and says what is to be written in its place. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient RetentionExecutor.Work instead;

        Refused(RetentionExecutor.Work instead) {
            super("something stands against it", null, false, false);
            this.instead = instead;
        }

        RetentionExecutor.Work instead() {
            return instead;
        }
    }

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
