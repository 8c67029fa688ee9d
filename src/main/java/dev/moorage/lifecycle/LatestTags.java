package dev.moorage.lifecycle;

import dev.moorage.metadata.RetentionFacts.OfTag;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionRule.Keep;
import dev.moorage.name.Tag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Finds where 'the latest N' ends for each rule, over tags that come in any order and number: it holds N of them a rule.
 *
 * <p>The later push is the later tag, and of two pushes at one moment that of the tag that is later in byte order.
 */
final class LatestTags {

    private static final Comparator<Last> AGE = Comparator.comparing(Last::pushedAt)
            .thenComparing(last -> last.tag().value());

    private final List<RetentionRule> rules;
    private final List<PriorityQueue<Last>> latest;

    LatestTags(List<RetentionRule> rules) {
        this.rules = List.copyOf(rules);
        this.latest = rules.stream().map(_ -> new PriorityQueue<>(AGE)).toList();
    }

    /** The last tag of the latest N. */
    record Last(Instant pushedAt, Tag tag) {

        static Last of(OfTag facts) {
            return new Last(facts.pushedAt(), facts.name());
        }

        /** Whether a tag is among the latest that end here. */
        boolean reaches(OfTag facts) {
            return AGE.compare(of(facts), this) >= 0;
        }

        /** The text of it, for a row. */
        String text() {
            return pushedAt + " " + tag;
        }

        static Last parse(String text) {
            String[] parts = text.split(" ", 2);
            return new Last(Instant.parse(parts[0]), new Tag(parts[1]));
        }
    }

    void add(OfTag facts) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).keep() instanceof Keep.Latest(int count)
                    && rules.get(i).speaksOf(facts.name())) {
                latest.get(i).add(Last.of(facts));
                if (latest.get(i).size() > count) {
                    latest.get(i).remove();
                }
            }
        }
    }

    /** Where the latest of each rule end, in the order of the rules; empty where there are no more of them than it keeps. */
    List<Optional<Last>> ends() {
        List<Optional<Last>> ends = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            boolean full = rules.get(i).keep() instanceof Keep.Latest(int count)
                    && latest.get(i).size() == count;
            ends.add(full ? Optional.of(latest.get(i).element()) : Optional.empty());
        }
        return ends;
    }
}
