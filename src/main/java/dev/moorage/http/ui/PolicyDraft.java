package dev.moorage.http.ui;

import dev.moorage.administration.Retention;
import dev.moorage.administration.WantedPolicy;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.http.Form;
import dev.moorage.name.RetentionPolicy;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionSchedule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A retention policy as the form holds it.
 *
 * @param rules its rows
 * @param schedule {@code daily}, {@code every}, or empty where it runs only when it is told to
 * @param at the time of day
 * @param every how many of the unit lie between two runs
 * @param unit hours or days
 */
record PolicyDraft(List<RuleDraft> rules, String schedule, String at, String every, String unit) {

    private static final int BLANK = 3;

    /** Keeps its own copy. */
    PolicyDraft {
        rules = List.copyOf(rules);
    }

    /** With nothing in it yet. */
    static PolicyDraft empty() {
        return new PolicyDraft(List.of(), "", "03:30", "24", "hours");
    }

    static PolicyDraft of(Retention policy) {
        PolicyDraft usual = empty();
        Optional<Age> every =
                policy.schedule().flatMap(Retention.Schedule::every).map(text -> Age.of(Duration.parse(text)));
        Optional<String> daily = policy.schedule().flatMap(Retention.Schedule::dailyAt);
        return new PolicyDraft(
                policy.rules().stream().map(RuleDraft::of).toList(),
                daily.isPresent() ? "daily" : every.isPresent() ? "every" : "",
                daily.orElse(usual.at()),
                every.map(age -> Long.toString(age.number())).orElse(usual.every()),
                every.map(Age::unit).orElse(usual.unit()));
    }

    static PolicyDraft of(Form form) {
        PolicyDraft usual = empty();
        return new PolicyDraft(
                RuleDraft.of(form).stream().filter(RuleDraft::said).toList(),
                form.first("schedule").orElse(usual.schedule()),
                form.first("at").orElse(usual.at()),
                form.first("every").orElse(usual.every()),
                form.first("every-unit").orElse(usual.unit()));
    }

    /** The rows of the form: those that hold a rule, and some that do not yet. */
    public List<RuleDraft> rows() {
        int room = Math.min(BLANK, RetentionPolicy.MOST_RULES - rules.size());
        return Stream.concat(rules.stream(), IntStream.range(0, room).mapToObj(_ -> RuleDraft.NONE))
                .toList();
    }

    /** The rules; 400 where one is none. */
    List<RetentionRule> read() {
        return WantedPolicy.rules(IntStream.range(0, rules.size())
                .mapToObj(i -> Optional.of(rules.get(i).wanted("rules." + i)))
                .toList());
    }

    /** The policy; 400 where it is none. */
    RetentionPolicy policy() {
        return new RetentionPolicy(read(), scheduled());
    }

    private Optional<RetentionSchedule> scheduled() {
        return switch (schedule) {
            case "" -> Optional.empty();
            case "daily" -> Optional.of(WantedPolicy.schedule(Optional.empty(), Optional.of(at)));
            case "every" -> Optional.of(WantedPolicy.schedule(Optional.of(Age.text(every, unit)), Optional.empty()));
            default -> throw new Invalid("schedule", "a schedule is daily or every, or there is none");
        };
    }
}
