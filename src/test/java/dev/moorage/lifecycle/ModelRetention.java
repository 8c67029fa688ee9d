package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.RetentionTarget;
import dev.moorage.administration.TestAdministration;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Await;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs of retention policies in a model run, each to its end, and what a policy must take by the rules alone. */
final class ModelRetention {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int HOURS = 30;

    /** What is told of a tag. */
    private record Pushed(String tag, boolean young) {}

    /** Policies of several rules: what each keeps is counted among what it speaks of. */
    private enum Policy {
        LATEST,
        LATEST_AND_ONE,
        NEWER_OR_LATEST,
        SOME_ONLY,
        UNTAGGED_ONLY;

        List<Rule> rules() {
            return switch (this) {
                case LATEST -> List.of(Rule.LATEST_TWO, Rule.UNTAGGED);
                case LATEST_AND_ONE -> List.of(Rule.LATEST_OF_THREE, Rule.FIRST, Rule.UNTAGGED);
                case NEWER_OR_LATEST -> List.of(Rule.NEWER, Rule.LATEST_OF_THREE);
                case SOME_ONLY -> List.of(Rule.NEWER_OF_TWO, Rule.UNTAGGED);
                case UNTAGGED_ONLY -> List.of(Rule.UNTAGGED);
            };
        }

        /** The tags that no rule keeps, of those of which one speaks. */
        Set<String> dropped(List<Pushed> latestFirst) {
            Set<String> dropped = new HashSet<>();
            rules().forEach(rule -> rule.spokenOf(latestFirst).forEach(tag -> dropped.add(tag.tag())));
            rules().forEach(rule -> dropped.removeAll(rule.kept(latestFirst)));
            return dropped;
        }

        boolean takesUntagged() {
            return rules().contains(Rule.UNTAGGED);
        }
    }

    private enum Rule {
        LATEST_TWO("keep-latest 2", "v.", 2, false),
        LATEST_OF_THREE("keep-latest 1 tags=v0,v1,v2", "v[012]", 1, false),
        FIRST("keep-matching tags=v0", "v0", Integer.MAX_VALUE, false),
        NEWER("keep-newer PT" + HOURS + "H", "v.", Integer.MAX_VALUE, true),
        NEWER_OF_TWO("keep-newer PT" + HOURS + "H tags=v3,v4", "v[34]", Integer.MAX_VALUE, true),
        UNTAGGED("delete-untagged PT0S", "", 0, false);

        private final String text;
        private final String tags;
        private final int count;
        private final boolean newer;

        Rule(String text, String tags, int count, boolean newer) {
            this.text = text;
            this.tags = tags;
            this.count = count;
            this.newer = newer;
        }

        List<Pushed> spokenOf(List<Pushed> latestFirst) {
            return latestFirst.stream().filter(tag -> tag.tag().matches(tags)).toList();
        }

        Set<String> kept(List<Pushed> latestFirst) {
            return spokenOf(latestFirst).stream()
                    .limit(count)
                    .filter(tag -> !newer || tag.young())
                    .map(Pushed::tag)
                    .collect(Collectors.toSet());
        }
    }

    /** How a run came to its end. */
    enum End {
        DONE,
        /** By a change of the policy, before it had done all. */
        WITHDRAWN
    }

    /** What a run did, and what it should have done had nothing ended it before. */
    record Expiry(End end, Set<String> tags, Set<Digest> manifests, Set<String> expectedTags, boolean takesUntagged) {}

    private static final String TAGS = """
            SELECT t.name || ' ' || (t.pushed_at > now() - ? * interval '1 hour')
            FROM repository r
            JOIN tag t ON (t.organization_id, t.repository_id) = (r.organization_id, r.id)
            WHERE r.name = ?
            ORDER BY t.pushed_at DESC, t.name DESC
            """;

    private static final String YOUNG = """
            SELECT m.digest
            FROM repository r
            JOIN manifest m ON (m.organization_id, m.repository_id) = (r.organization_id, r.id)
            WHERE r.name = ? AND m.deleted_at IS NULL AND m.leased_at > now() - interval '25 hours'
            """;

    private final ModelWriter writer;
    private final TestRetention retention;
    private final Grant grant;

    ModelRetention(ModelWriter writer) {
        this.writer = writer;
        this.retention = new TestRetention(writer.replica);
        this.grant = TestAdministration.everybody("writer" + writer.number);
    }

    /** Which live manifests were pushed, or a pusher told of them, too short ago to go. */
    Set<Digest> young(String repository) {
        return writer.sql.rows(YOUNG, repository).stream()
                .map(RegistryHarness::digest)
                .collect(Collectors.toSet());
    }

    /**
     * Sets some policy and runs it to its end; empty where another run of it is under way. Where others set the policy too, they
     * may end the run: what had gone before has gone.
     */
    Optional<Expiry> run(String repository) {
        Policy policy = writer.any(List.of(Policy.values()));
        writer.says("retention", repository, policy);
        RetentionTarget target = TestRetention.repository(repository);
        String[] rules = policy.rules().stream().map(rule -> rule.text).toArray(String[]::new);
        RetentionReport ended;
        List<Pushed> before;
        try {
            writer.patiently(() -> {
                retention.set(target, rules);
                return true;
            });
            before = tags(repository);
            ended = toItsEnd(target, begun(target));
        } catch (Conflict refusal) {
            writer.adds("refused: " + refusal.getMessage());
            writer.tally.count("answer-refused");
            return Optional.empty();
        }
        End end = end(ended).orElseThrow();
        writer.adds("%s: %s".formatted(ended.run().state(), TestRetention.dropped(ended)));
        writer.tally.count("answer-" + ended.run().state());
        return Optional.of(new Expiry(
                end,
                gone(ended, "tag").collect(Collectors.toSet()),
                gone(ended, "manifest").map(RegistryHarness::digest).collect(Collectors.toSet()),
                policy.dropped(before),
                policy.takesUntagged()));
    }

    private static Stream<String> gone(RetentionReport report, String kind) {
        return report.decisions().items().stream()
                .filter(decision ->
                        decision.kind().equals(kind) && decision.outcome().equals(Optional.of("deleted")))
                .map(RetentionReport.Decision::name);
    }

    private List<Pushed> tags(String repository) {
        return writer.sql.rows(TAGS, HOURS, repository).stream()
                .map(row -> row.split(" ", 2))
                .map(words -> new Pushed(new Tag(words[0]).value(), words[1].startsWith("t")))
                .toList();
    }

    /** A run that was cut off by a busy database is one that was begun, and goes on. */
    private String begun(RetentionTarget target) {
        Optional<String> last = last(target);
        return writer.patiently(() -> {
            try {
                return retention
                        .service()
                        .run(grant, target, TestRetention.all())
                        .run()
                        .id()
                        .toString();
            } catch (Unavailable busy) {
                return last(target).filter(id -> !last.equals(Optional.of(id))).orElseThrow(() -> busy);
            }
        });
    }

    /** The last of his own: others may have begun some since. */
    private Optional<String> last(RetentionTarget target) {
        return writer.patiently(
                () -> retention.service().runs(grant, target, new Listing.Asked("", 1000)).items().stream()
                        .filter(run -> run.by().equals(grant.caller().account()))
                        .findFirst()
                        .map(run -> run.id().toString()));
    }

    private static Optional<End> end(RetentionReport report) {
        return switch (report.run().state()) {
            case "done" -> Optional.of(End.DONE);
            case "withdrawn" -> Optional.of(End.WITHDRAWN);
            default -> Optional.empty();
        };
    }

    private RetentionReport toItsEnd(RetentionTarget target, String id) {
        return Await.value(LIMIT, "the end of a run of retention", () -> {
            RetentionReport report =
                    writer.patiently(() -> retention.service().run(grant, target, id, TestRetention.all()));
            ModelWriter.demand(!report.run().state().equals("failed"), "a run of retention failed");
            if (end(report).isPresent()) {
                return Optional.of(report);
            }
            try {
                retention.worker().work(TestRetention.WORKER);
            } catch (Unavailable _) {
                writer.tally.count("busy");
            }
            return Optional.empty();
        });
    }
}
