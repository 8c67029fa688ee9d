package dev.moorage.lifecycle;

import dev.moorage.administration.Listing;
import dev.moorage.administration.Retention;
import dev.moorage.metadata.RetentionDecisionStore;
import dev.moorage.metadata.RetentionRun;
import dev.moorage.metadata.RetentionRun.Counts;
import dev.moorage.metadata.RetentionRun.Kind;
import dev.moorage.name.Amount;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RetentionRule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A preview, a run or an undo with a page of what it decided.
 *
 * @param run what is known of it as a whole
 * @param decisions a page of its decisions, in the order in which they were made
 */
public record RetentionReport(Run run, Listing<Decision> decisions) {

    /**
     * A preview, a run, or an undo of a run.
     *
     * @param id what it is known by
     * @param kind {@code preview}, {@code run} or {@code undo}
     * @param state {@code deciding}, {@code deleting}, {@code undoing}, {@code done}, {@code failed}, or {@code withdrawn} where
     *     its policy was changed before it came to its end
     * @param rules the rules by which it decided
     * @param by who asked
     * @param group the group of its events in the history
     * @param decisions how many tags and manifests it has decided about
     * @param drops what goes
     * @param frees what would come free of that: the manifests' own bytes, and the blobs that no other manifest of the
     *     organization references
     * @param deleted how many tags and manifests have gone
     * @param skipped how many should have gone and stayed, for they are not any more what was decided about
     * @param undoes which run an undo undoes
     * @param undone how many tags and manifests an undo has put back, or taken away again
     * @param conflicts how many an undo left as they were, for something stands against it: its decisions say what
     * @param decisionsKept false where the decisions are not kept any more
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
            Optional<UUID> undoes,
            long undone,
            long conflicts,
            boolean decisionsKept,
            Instant startedAt,
            Optional<Instant> decidedAt,
            Optional<Instant> finishedAt) {

        /** Keeps its own copy of the rules. */
        public Run {
            rules = List.copyOf(rules);
        }

        static Run of(RetentionRun run, List<RetentionRule> rules) {
            Counts counts = run.progress().counts();
            boolean undo = run.kind() == Kind.UNDO;
            return new Run(
                    run.id(),
                    run.kind().text(),
                    state(run),
                    rules.stream().map(Retention.Rule::of).toList(),
                    run.origin().actor(),
                    run.origin().group(),
                    counts.decisions(),
                    new Drops(counts.tags(), counts.manifests().items()),
                    new Frees(
                            counts.manifests(),
                            counts.blobs(),
                            counts.manifests().bytes() + counts.blobs().bytes()),
                    undo ? 0 : counts.deleted(),
                    undo ? 0 : counts.skipped(),
                    run.undoes().map(RetentionRun.Undoes::run),
                    undo ? counts.deleted() : 0,
                    undo ? counts.skipped() : 0,
                    run.kept() == RetentionRun.Decisions.KEPT,
                    run.startedAt(),
                    run.decidedAt(),
                    run.finishedAt());
        }

        private static String state(RetentionRun run) {
            return switch (run.progress().state()) {
                case REPOSITORIES, TAGS, MANIFESTS, BYTES -> "deciding";
                case DELETING_TAGS, DELETING_MANIFESTS -> "deleting";
                case UNDOING -> "undoing";
                case DONE -> "done";
                case FAILED -> "failed";
                case WITHDRAWN -> "withdrawn";
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
     * @param repository in which repository; empty where that is gone for good
     * @param kind {@code tag} or {@code manifest}
     * @param name the tag, or the digest
     * @param digest the manifest that a tag named
     * @param verdict {@code keep} or {@code drop}; {@code conflict} for what an undo left as it was
     * @param because the rule, or what else keeps it; what stands against an undo
     * @param outcome what became of it: {@code deleted}, or why it stayed
     */
    public record Decision(
            Optional<String> repository,
            String kind,
            String name,
            Optional<String> digest,
            String verdict,
            String because,
            Optional<String> outcome) {

        static Decision of(Kind of, RetentionDecisionStore.Row row) {
            String verdict = row.dropped() ? "drop" : "keep";
            return new Decision(
                    row.repository().map(RepositoryName::value),
                    row.kind(),
                    row.name(),
                    row.digest(),
                    of == Kind.UNDO ? "conflict" : verdict,
                    row.because(),
                    row.outcome());
        }
    }
}
