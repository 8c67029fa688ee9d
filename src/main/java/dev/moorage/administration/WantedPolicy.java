package dev.moorage.administration;

import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.name.Glob;
import dev.moorage.name.RetentionPolicy;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionRule.Keep;
import dev.moorage.name.RetentionSchedule;
import dev.moorage.name.TagPattern;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Makes retention policies of what somebody has written; 400 with the field's name where that is none. */
public final class WantedPolicy {

    private WantedPolicy() {}

    /**
     * A rule as it was written.
     *
     * @param rule its kind, as {@code keep-latest}
     * @param count how many
     * @param age how old, as {@code P30D}
     * @param tags patterns of tags; empty for all
     * @param repositories patterns of repositories; empty for all
     */
    public record Rule(
            String rule,
            Optional<Integer> count,
            Optional<String> age,
            Optional<List<String>> tags,
            Optional<List<String>> repositories) {}

    /** A schedule as it was written: one of the two. */
    public static RetentionSchedule schedule(Optional<String> every, Optional<String> dailyAt) {
        if (every.isPresent() == dailyAt.isPresent()) {
            throw new Invalid("schedule", "a schedule has every or dailyAt");
        }
        try {
            return every.<RetentionSchedule>map(text -> new RetentionSchedule.Every(Duration.parse(text)))
                    .orElseGet(() -> new RetentionSchedule.Daily(LocalTime.parse(dailyAt.orElseThrow())));
        } catch (DateTimeParseException | IllegalArgumentException _) {
            throw new Invalid(
                    "schedule", "every is an hour to 366 days, as PT24H; dailyAt is a time of day in UTC, as 03:30");
        }
    }

    /** Rules as they were written; one that is absent is refused as one that is none. */
    public static List<RetentionRule> rules(List<Optional<Rule>> asked) {
        if (asked.size() > RetentionPolicy.MOST_RULES) {
            throw new Invalid("rules", "a policy has at most " + RetentionPolicy.MOST_RULES + " rules");
        }
        List<RetentionRule> rules = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            rules.add(rule("rules." + i, asked.get(i)));
        }
        return rules;
    }

    private static RetentionRule rule(String at, Optional<Rule> given) {
        Rule asked = given.orElseThrow(() -> new Invalid(at, at + " is absent, or of another form"));
        Keep keep =
                switch (asked.rule()) {
                    case "keep-latest" -> {
                        demandAbsent(at + ".age", asked.age());
                        yield latest(at, asked);
                    }
                    case "keep-matching" -> {
                        demandAbsent(at + ".age", asked.age());
                        demandAbsent(at + ".count", asked.count());
                        yield new Keep.Matching();
                    }
                    case "keep-newer" -> new Keep.Newer(age(at, asked));
                    case "keep-pulled" -> new Keep.Pulled(age(at, asked));
                    case "delete-untagged" -> {
                        demandAbsent(at + ".tags", asked.tags());
                        yield new Keep.Untagged(age(at, asked));
                    }
                    default ->
                        throw new Invalid(
                                at + ".rule",
                                "a rule is keep-latest, keep-newer, keep-pulled, keep-matching or delete-untagged");
                };
        return new RetentionRule(
                keep,
                patterns(at + ".repositories", asked.repositories()).stream()
                        .map(text -> repository(at + ".repositories", text))
                        .toList(),
                patterns(at + ".tags", asked.tags()).stream()
                        .map(
                                text -> TagPattern.parse(text)
                                        .orElseThrow(
                                                () -> new Invalid(
                                                        at + ".tags",
                                                        "a pattern has 1 to 128 characters that a tag may have, and * and ? for any of them")))
                        .toList());
    }

    private static Keep latest(String at, Rule asked) {
        return asked.count()
                .filter(count -> count >= 1 && count <= Keep.MOST)
                .map(Keep.Latest::new)
                .orElseThrow(() -> new Invalid(at + ".count", "count is a number from 1 to " + Keep.MOST));
    }

    private static Duration age(String at, Rule asked) {
        demandAbsent(at + ".count", asked.count());
        try {
            return asked.age()
                    .map(Duration::parse)
                    .filter(age -> !age.isNegative()
                            && age.compareTo(Keep.LONGEST) <= 0
                            && age.equals(Duration.ofSeconds(age.toSeconds())))
                    .orElseThrow(() -> refusedAge(at));
        } catch (DateTimeParseException _) {
            throw refusedAge(at);
        }
    }

    private static Invalid refusedAge(String at) {
        return new Invalid(at + ".age", "age is a time as P30D or PT12H, in whole seconds, at most 36500 days");
    }

    private static Glob repository(String field, String text) {
        if (!RetentionRule.isPatternOfRepositories(text)) {
            throw new Invalid(
                    field,
                    "a pattern has 1 to 255 characters that a repository's name may have, and * and ? for any of them");
        }
        return new Glob(text);
    }

    private static List<String> patterns(String field, Optional<List<String>> asked) {
        List<String> texts = asked.orElse(List.of());
        // An empty list would speak of nothing or of everything: who means everything leaves it out.
        if (texts.size() > RetentionRule.MOST_PATTERNS
                || (asked.isPresent() && texts.isEmpty())
                || texts.stream().anyMatch(Objects::isNull)) {
            throw new Invalid(
                    field, "there are 1 to " + RetentionRule.MOST_PATTERNS + " patterns, or the field is left out");
        }
        return texts;
    }

    private static void demandAbsent(String field, Optional<?> value) {
        if (value.isPresent()) {
            throw new Invalid(field, "the rule has no such field");
        }
    }
}
