package dev.moorage.http.ui;

import dev.moorage.administration.Retention;
import dev.moorage.name.RetentionRule;
import io.quarkus.qute.TemplateExtension;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what retention rules mean. */
@TemplateExtension(namespace = "retention")
final class RuleWords {

    // As the decisions of tags write it.
    private static final String AGAINST = "not kept by ";

    private RuleWords() {}

    /** A rule in a sentence without its end. */
    static String words(Retention.Rule rule) {
        String age =
                rule.age().map(text -> Age.of(Duration.parse(text)).toString()).orElse("");
        String named = rule.tags().isEmpty() ? "" : " named " + any(rule.tags());
        String counted = rule.tags().isEmpty() ? "" : ", of those named " + any(rule.tags());
        String said =
                switch (rule.rule()) {
                    case "keep-latest" -> {
                        int count = rule.count().orElse(0);
                        yield "Keep the " + (count == 1 ? "tag that was" : count + " tags that were") + " pushed last"
                                + counted;
                    }
                    case "keep-newer" -> "Keep tags" + named + " that were pushed within " + age;
                    case "keep-pulled" -> "Keep tags" + named + " that were pushed or pulled within " + age;
                    case "keep-matching" -> "Keep every tag" + named;
                    case "delete-untagged" ->
                        "Delete manifests that have no tag"
                                + (age.equals("0 seconds") ? "" : ", when they have had none for " + age);
                    default -> rule.rule();
                };
        return rule.repositories().isEmpty() ? said : said + ", in " + any(rule.repositories());
    }

    /** A reason of a decision: what its rules mean, where it names rules. */
    static String because(String text) {
        return text.startsWith(AGAINST)
                ? "No rule keeps it: "
                        + Stream.of(text.substring(AGAINST.length()).split(", nor by ", -1))
                                .map(RuleWords::rule)
                                .collect(Collectors.joining("; "))
                : rule(text);
    }

    private static String rule(String text) {
        return RetentionRule.parse(text)
                .map(Retention.Rule::of)
                .map(RuleWords::words)
                .orElse(text);
    }

    /** When a policy runs by itself, in a sentence without its end. */
    static String when(Retention.Schedule schedule) {
        return schedule.dailyAt()
                .map(at -> "It runs every day at " + at + " UTC")
                .or(() -> schedule.every().map(text -> "It runs every " + Age.of(Duration.parse(text))))
                .orElse("It runs by itself");
    }

    private static String any(List<String> patterns) {
        return String.join(" or ", patterns);
    }
}
