package dev.moorage.administration;

import dev.moorage.metadata.RetentionPolicyStore;
import dev.moorage.name.Glob;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionRule.Keep;
import dev.moorage.name.RetentionSchedule;
import dev.moorage.name.TagPattern;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A retention policy as the management API shows it.
 *
 * @param from whose it is: {@code organization} or {@code repository}
 * @param rules what it keeps
 * @param schedule when it runs by itself; null where it runs only when it is told to
 * @param nextRunAt when it runs next
 */
public record Retention(String from, List<Rule> rules, Optional<Schedule> schedule, Optional<Instant> nextRunAt) {

    /** Keeps its own copy of the rules. */
    public Retention {
        rules = List.copyOf(rules);
    }

    /**
     * A rule.
     *
     * @param rule {@code keep-latest}, {@code keep-newer}, {@code keep-pulled}, {@code keep-matching} or {@code
     *     delete-untagged}
     * @param count how many tags {@code keep-latest} keeps
     * @param age how old what the others keep may be, as {@code P30D}
     * @param tags which tags it speaks of, {@code *} and {@code ?} for any; empty for all
     * @param repositories which repositories it speaks of, by their whole names; empty for all
     */
    public record Rule(
            String rule, Optional<Integer> count, Optional<String> age, List<String> tags, List<String> repositories) {

        /** Keeps its own copies. */
        public Rule {
            tags = List.copyOf(tags);
            repositories = List.copyOf(repositories);
        }

        /** A rule as it is shown. */
        public static Rule of(RetentionRule rule) {
            Optional<Integer> count =
                    rule.keep() instanceof Keep.Latest(int latest) ? Optional.of(latest) : Optional.empty();
            Optional<Duration> age =
                    switch (rule.keep()) {
                        case Keep.Latest _, Keep.Matching _ -> Optional.empty();
                        case Keep.Newer newer -> Optional.of(newer.age());
                        case Keep.Pulled pulled -> Optional.of(pulled.age());
                        case Keep.Untagged untagged -> Optional.of(untagged.age());
                    };
            return new Rule(
                    rule.keep().text().split(" ", 2)[0],
                    count,
                    age.map(RetentionRule::text),
                    rule.tags().stream().map(TagPattern::value).toList(),
                    rule.repositories().stream().map(Glob::value).toList());
        }
    }

    /**
     * When a policy runs by itself.
     *
     * @param every the time between two runs, as {@code PT24H}
     * @param dailyAt the time of day in UTC, as {@code 03:30}
     */
    public record Schedule(Optional<String> every, Optional<String> dailyAt) {

        static Schedule of(RetentionSchedule schedule) {
            return switch (schedule) {
                case RetentionSchedule.Every every ->
                    new Schedule(Optional.of(RetentionRule.text(every.period())), Optional.empty());
                case RetentionSchedule.Daily daily ->
                    new Schedule(Optional.empty(), Optional.of(daily.at().toString()));
            };
        }
    }

    static Retention of(RetentionPolicyStore.Row row) {
        return new Retention(
                row.scope().repository().isPresent() ? "repository" : "organization",
                row.policy().rules().stream().map(Rule::of).toList(),
                row.policy().schedule().map(Schedule::of),
                row.nextAt());
    }
}
