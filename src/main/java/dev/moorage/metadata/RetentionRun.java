package dev.moorage.metadata;

import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.RetentionPolicyStore.Scope;
import dev.moorage.name.Amount;
import dev.moorage.name.RetentionRule;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A preview or a run of a retention policy, or an undo of one, and how far it has come.
 *
 * @param id what it is known by
 * @param scope what it decides about
 * @param kind whether it takes away what it decides against
 * @param rules the policy's rules as they were when it began
 * @param origin who asked, and the group of all its events
 * @param progress how far it has come
 * @param step counts what was written of it
 * @param attempts how often it was taken up since it last came on
 * @param startedAt the moment from which ages are counted
 * @param decidedAt when it was known what goes
 * @param finishedAt when it ended
 * @param undoes what an undo undoes; empty for others
 * @param kept whether its decisions can be read
 */
public record RetentionRun(
        UUID id,
        Scope scope,
        Kind kind,
        List<RetentionRule> rules,
        Origin origin,
        Progress progress,
        long step,
        int attempts,
        Instant startedAt,
        Optional<Instant> decidedAt,
        Optional<Instant> finishedAt,
        Optional<Undoes> undoes,
        Decisions kept) {

    /** Keeps its own copy of the rules. */
    public RetentionRun {
        rules = List.copyOf(rules);
    }

    /** The same after its next step. */
    public RetentionRun come(Progress next) {
        return new RetentionRun(
                id, scope, kind, rules, origin, next, step + 1, 0, startedAt, decidedAt, finishedAt, undoes, kept);
    }

    /** What an undo undoes: a run or an undo, and the group of its events. */
    public record Undoes(UUID run, UUID group) {}

    /** Whether the decisions of a run are there, or were too many with those of the newer ones. */
    public enum Decisions {
        KEPT,
        REMOVED
    }

    /** Whether something is taken away, or put back. */
    public enum Kind {
        PREVIEW,
        RUN,
        UNDO;

        /** With what one begins. */
        State first() {
            return switch (this) {
                case PREVIEW, RUN -> State.REPOSITORIES;
                case UNDO -> State.UNDOING;
            };
        }

        /** The kind as rows and answers write it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What comes next. */
    public enum State {
        /** The next repository is looked for. */
        REPOSITORIES,
        /** Tags of a repository are decided about. */
        TAGS,
        /** Its manifests are. */
        MANIFESTS,
        /** It is counted what would come free. */
        BYTES,
        /** Tags are taken away. */
        DELETING_TAGS,
        /** Manifests are. */
        DELETING_MANIFESTS,
        /** The events of a run are undone, the last one first. */
        UNDOING,
        /** Nothing. */
        DONE,
        /** Nothing, and it did not come to its end. */
        FAILED,
        /** Nothing, for its policy was changed or taken away before it came to its end. */
        WITHDRAWN;

        /** Whether nothing comes any more. */
        public boolean ended() {
            return switch (this) {
                case REPOSITORIES, TAGS, MANIFESTS, BYTES, DELETING_TAGS, DELETING_MANIFESTS, UNDOING -> false;
                case DONE, FAILED, WITHDRAWN -> true;
            };
        }

        /** The state as rows and answers write it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static State parse(String text) {
            return Stream.of(values())
                    .filter(state -> state.text().equals(text))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /**
     * Where a run stands in its present state.
     *
     * @param repository the identity of the repository at work, 0 for none
     * @param name behind which tag or digest of it the next page begins
     * @param latest where the latest tags of each rule end in it, as the decisions write that
     * @param deletedInPass how many manifests have gone since the list of them was begun
     */
    public record Place(long repository, String name, List<String> latest, int deletedInPass) {

        /** Before everything. */
        public static final Place BEGINNING = new Place(0, "", List.of(), 0);

        /** Keeps its own copy. */
        public Place {
            latest = List.copyOf(latest);
        }

        /** The same behind a name of a repository. */
        public Place behind(long newRepository, String newName) {
            return new Place(newRepository, newName, latest, deletedInPass);
        }

        /** The same with more that has gone. */
        public Place andDeleted(int more) {
            return new Place(repository, name, latest, deletedInPass + more);
        }
    }

    /**
     * What a run has counted.
     *
     * @param decisions tags and manifests that were decided about
     * @param tags tags that go
     * @param manifests manifests that go
     * @param blobs blobs that nothing in the organization would reference any more
     * @param deleted tags and manifests that have gone
     * @param skipped those that should have gone and stayed
     */
    public record Counts(long decisions, long tags, Amount manifests, Amount blobs, long deleted, long skipped) {}

    /** How far a run has come. */
    public record Progress(State state, Place place, Counts counts) {

        /** The same in another state, at another place. */
        public Progress to(State newState, Place newPlace) {
            return new Progress(newState, newPlace, counts);
        }

        /** The same with other counts. */
        public Progress with(Counts newCounts) {
            return new Progress(state, place, newCounts);
        }
    }

    /** What begins: as the run that it becomes. */
    public record New(
            UUID id, Scope scope, Kind kind, List<RetentionRule> rules, Origin origin, Optional<Undoes> undoes) {

        /** Keeps its own copy of the rules. */
        public New {
            rules = List.copyOf(rules);
        }

        /** A preview or a run. */
        public New(UUID id, Scope scope, Kind kind, List<RetentionRule> rules, Origin origin) {
            this(id, scope, kind, rules, origin, Optional.empty());
        }
    }
}
