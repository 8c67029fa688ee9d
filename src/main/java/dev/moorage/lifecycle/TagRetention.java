package dev.moorage.lifecycle;

import dev.moorage.lifecycle.LatestTags.Last;
import dev.moorage.metadata.RetentionFacts.OfTag;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionRule.Keep;
import dev.moorage.name.TagPattern;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides which tags of a repository stay: those that any rule keeps, those that no rule speaks of, and immutable ones.
 *
 * <p>It looks at each tag by itself, and its answer depends on nothing but what it is told.
 *
 * @param rules the rules that speak of the repository
 * @param latest where the latest of each rule end
 * @param immutable which tags are immutable
 * @param now the moment from which ages are counted
 */
record TagRetention(List<RetentionRule> rules, List<Optional<Last>> latest, List<TagPattern> immutable, Instant now) {

    TagRetention {
        rules = List.copyOf(rules);
        latest = List.copyOf(latest);
        immutable = List.copyOf(immutable);
    }

    Verdict decide(OfTag tag) {
        List<RetentionRule> against = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            RetentionRule rule = rules.get(i);
            if (rule.speaksOf(tag.name())) {
                if (keeps(rule.keep(), latest.get(i), tag)) {
                    return Verdict.kept(Verdict.rules(List.of(rule), ""));
                }
                against.add(rule);
            }
        }
        if (against.isEmpty()) {
            return Verdict.kept("no rule speaks of it");
        }
        return immutable.stream()
                .filter(pattern -> pattern.matches(tag.name()))
                .findFirst()
                .map(pattern -> Verdict.kept("it is immutable: " + pattern))
                .orElseGet(() -> Verdict.dropped("not kept by " + Verdict.rules(against, ", nor by ")));
    }

    private boolean keeps(Keep keep, Optional<Last> end, OfTag tag) {
        return switch (keep) {
            case Keep.Latest _ -> end.isEmpty() || end.get().reaches(tag);
            case Keep.Newer(Duration age) -> within(age, tag.pushedAt());
            case Keep.Pulled(Duration age) ->
                within(age, tag.pushedAt())
                        || tag.pulledAt().filter(at -> within(age, at)).isPresent();
            case Keep.Matching _ -> true;
            case Keep.Untagged _ -> false;
        };
    }

    private boolean within(Duration age, Instant at) {
        return at.isAfter(now.minus(age));
    }
}
