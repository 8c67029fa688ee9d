package dev.moorage.http.ui;

import dev.moorage.administration.Retention;
import dev.moorage.administration.WantedPolicy;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.http.Form;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A retention rule as its row of the form holds it.
 *
 * @param rule its kind; empty for no rule
 * @param number how many tags, or how long
 * @param unit of what
 * @param tags patterns of tags, with spaces or commas between them
 * @param repositories the same of repositories
 */
record RuleDraft(String rule, String number, String unit, String tags, String repositories) {

    static final RuleDraft NONE = new RuleDraft("", "", "tags", "", "");

    private static final int MAX_DIGITS = 9;

    static RuleDraft of(Retention.Rule rule) {
        Optional<Age> age = rule.age().map(text -> Age.of(Duration.parse(text)));
        return new RuleDraft(
                rule.rule(),
                rule.count()
                        .map(count -> Integer.toString(count))
                        .or(() -> age.map(time -> Long.toString(time.number())))
                        .orElse(""),
                age.map(Age::unit).orElse("tags"),
                String.join(" ", rule.tags()),
                String.join(" ", rule.repositories()));
    }

    /** Each row of a form; 400 where one has no field of those that all have. */
    static List<RuleDraft> of(Form form) {
        List<String> rules = form.all("rule");
        List<String> numbers = form.all("number");
        List<String> units = form.all("unit");
        List<String> tags = form.all("tags");
        List<String> repositories = form.all("repositories");
        if (Stream.of(numbers, units, tags).anyMatch(values -> values.size() != rules.size())
                || !(repositories.isEmpty() || repositories.size() == rules.size())) {
            throw new Invalid("rules", "each row of the form has all fields of a rule");
        }
        List<RuleDraft> drafts = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            drafts.add(new RuleDraft(
                    rules.get(i),
                    numbers.get(i).strip(),
                    units.get(i),
                    tags.get(i).strip(),
                    repositories.isEmpty() ? "" : repositories.get(i).strip()));
        }
        return drafts;
    }

    /** Whether the row holds a rule. */
    boolean said() {
        return !rule.isEmpty();
    }

    /**
     * The rule as it was written.
     *
     * @param at what a refusal calls it
     */
    WantedPolicy.Rule wanted(String at) {
        boolean counted = rule.equals("keep-latest");
        Optional<String> given = Optional.of(number).filter(text -> !text.isEmpty());
        if (given.filter(Predicate.not(RuleDraft::isNumber)).isPresent()) {
            throw new Invalid(at + ".number", "a number is whole, and has at most " + MAX_DIGITS + " digits");
        }
        if (given.isPresent() && counted != unit.equals("tags")) {
            throw new Invalid(
                    at + ".unit",
                    counted ? "keep-latest counts tags" : rule + " needs a time: say of which unit the number is");
        }
        return new WantedPolicy.Rule(
                rule,
                given.filter(_ -> counted).map(Integer::valueOf),
                given.filter(_ -> !counted).map(text -> Age.text(text, unit)),
                patterns(tags),
                patterns(repositories));
    }

    private static boolean isNumber(String text) {
        return text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Optional<List<String>> patterns(String text) {
        List<String> patterns =
                Stream.of(text.split("[\\s,]+")).filter(part -> !part.isEmpty()).toList();
        return patterns.isEmpty() ? Optional.empty() : Optional.of(patterns);
    }
}
