package dev.moorage.lifecycle;

import dev.moorage.administration.Listing;
import dev.moorage.administration.Retention;
import dev.moorage.metadata.RetentionDecisionStore;
import dev.moorage.metadata.RetentionRun;
import dev.moorage.metadata.RetentionRun.Counts;
import dev.moorage.name.Amount;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A preview or a run with a page of what it decided.
 *
 * @param run what is known of it as a whole
 * @param decisions a page of its decisions, in the order in which they were made
 */
public record RetentionReport(Run run, Listing<Decision> decisions) {

    /**
     * A preview or a run.
     *
     * @param id what it is known by
     * @param kind {@code preview} or {@code run}
     * @param state {@code deciding}, {@code deleting}, {@code done} or {@code failed}
     * @param rules the rules by which it decided
     * @param by who asked
     * @param group the group of its events in the history
     * @param decisions how many tags and manifests it has decided about
     * @param drops what goes
     * @param frees what would come free of that: the manifests' own bytes, and the blobs that no other manifest of the
     *     organization references
     * @param deleted how many tags and manifests have gone
     * @param skipped how many should have gone and stayed, for they are not any more what was decided about
     * @param startedAt the moment from which ages were counted
     * @param decidedAt when it was known what goes
     * @param finishedAt when it ended
     */
    public record Run(
            UUID id,
            String kind,
            String state,
            List<Retention.Rule> rules,
            String by,
            UUID group,
            long decisions,
            Drops drops,
            Frees frees,
            long deleted,
            long skipped,
            Instant startedAt,
            Optional<Instant> decidedAt,
            Optional<Instant> finishedAt) {

        /** Keeps its own copy of the rules. */
        public Run {
            rules = List.copyOf(rules);
        }

        static Run of(RetentionRun run) {
            Counts counts = run.progress().counts();
            return new Run(
                    run.id(),
                    run.kind().text(),
                    state(run),
                    run.rules().stream().map(Retention.Rule::of).toList(),
                    run.origin().actor(),
                    run.origin().group(),
                    counts.decisions(),
                    new Drops(counts.tags(), counts.manifests().items()),
                    new Frees(
                            counts.manifests(),
                            counts.blobs(),
                            counts.manifests().bytes() + counts.blobs().bytes()),
                    counts.deleted(),
                    counts.skipped(),
                    run.startedAt(),
                    run.decidedAt(),
                    run.finishedAt());
        }

        private static String state(RetentionRun run) {
            return switch (run.progress().state()) {
                case REPOSITORIES, TAGS, MANIFESTS, BYTES -> "deciding";
                case DELETING_TAGS, DELETING_MANIFESTS -> "deleting";
                case DONE -> "done";
                case FAILED -> "failed";
            };
        }
    }

    /** How many tags and manifests go. */
    public record Drops(long tags, long manifests) {}

    /** What comes free when the undo window is over. */
    public record Frees(Amount manifests, Amount blobs, long bytes) {}

    /**
     * A decision.
     *
     * @param repository in which repository
     * @param kind {@code tag} or {@code manifest}
     * @param name the tag, or the digest
     * @param digest the manifest that a tag named
     * @param verdict {@code keep} or {@code drop}
     * @param because the rule, or what else keeps it
     * @param outcome what became of it: {@code deleted}, or why it stayed
     */
    public record Decision(
            String repository,
            String kind,
            String name,
            Optional<String> digest,
            String verdict,
            String because,
            Optional<String> outcome) {

        static Decision of(RetentionDecisionStore.Row row) {
            return new Decision(
                    row.repository().value(),
                    row.kind(),
                    row.name(),
                    row.digest(),
                    row.dropped() ? "drop" : "keep",
                    row.because(),
                    row.outcome());
        }
    }
}
