package dev.moorage.name;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.name.RetentionRule.Keep;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A rule is one line that gives the rule again, and speaks of what its patterns match. */
class RetentionRulePropertyTest {

    private static final String DIGITS = "0123456789abcdef".repeat(4);

    @Property
    void textOfARuleGivesTheRuleAgain(@ForAll("rules") RetentionRule rule) {
        assertThat(rule.text()).doesNotContain("\n");
        assertThat(RetentionRule.parse(rule.text())).contains(rule);
    }

    @Property
    void anyOtherTextIsNoRuleOrOneOfThatText(@ForAll String text) {
        RetentionRule.parse(text)
                .ifPresent(rule -> assertThat(RetentionRule.parse(rule.text())).contains(rule));
    }

    @Example
    void textsThatAreNoRulesAreNone() {
        for (String text : List.of(
                "",
                "keep-latest",
                "keep-latest 0",
                "keep-latest 1001",
                "keep-newer -PT1S",
                "keep-newer P36501D",
                "keep-newer PT0.5S",
                "keep-matching 5",
                "delete-untagged P1D tags=v*",
                "keep-latest 5 tags=",
                "keep-latest 5 tags=a/b",
                "keep-latest 5 repositories=A",
                "keep-latest 5  tags=a")) {
            assertThat(RetentionRule.parse(text)).as(text).isEmpty();
        }
    }

    @Example
    void ruleWithoutPatternsSpeaksOfEverythingButTagsNamedAfterDigests() {
        RetentionRule all = RetentionRule.parse("keep-latest 1").orElseThrow();
        assertThat(all.speaksOf(new Tag("v1"))).isTrue();
        assertThat(all.speaksOf(new RepositoryName("acme/web"))).isTrue();
        for (String tag : List.of("sha256-" + DIGITS, "sha256-" + DIGITS + ".sig", "sha512-" + DIGITS)) {
            assertThat(all.speaksOf(new Tag(tag))).as(tag).isFalse();
            assertThat(rule("keep-latest 1 tags=*").speaksOf(new Tag(tag)))
                    .as(tag)
                    .isFalse();
            assertThat(rule("keep-latest 1 tags=sha???-*").speaksOf(new Tag(tag)))
                    .as(tag)
                    .isFalse();
            assertThat(rule("keep-latest 1 tags=" + tag.substring(0, 7) + "*").speaksOf(new Tag(tag)))
                    .as(tag)
                    .isTrue();
        }
        assertThat(all.speaksOf(new Tag("sha256-" + DIGITS.substring(1)))).isTrue();
        assertThat(all.speaksOf(new Tag("sha256-" + DIGITS + "f"))).isTrue();
    }

    @Example
    void ruleSpeaksOfWhatAnyOfItsPatternsMatches() {
        RetentionRule rule = rule("keep-newer P1D tags=v*,stable repositories=acme/web,acme/web/*");
        assertThat(rule.speaksOf(new Tag("v1"))).isTrue();
        assertThat(rule.speaksOf(new Tag("stable"))).isTrue();
        assertThat(rule.speaksOf(new Tag("unstable"))).isFalse();
        assertThat(rule.speaksOf(new RepositoryName("acme/web"))).isTrue();
        assertThat(rule.speaksOf(new RepositoryName("acme/web/api/v2"))).isTrue();
        assertThat(rule.speaksOf(new RepositoryName("acme/website"))).isFalse();
        assertThat(rule("delete-untagged P1D").speaksOf(new Tag("v1"))).isFalse();
    }

    private static RetentionRule rule(String text) {
        return RetentionRule.parse(text).orElseThrow();
    }

    @Provide
    Arbitrary<RetentionRule> rules() {
        Arbitrary<Duration> ages =
                Arbitraries.longs().between(0, Keep.LONGEST.toSeconds()).map(Duration::ofSeconds);
        Arbitrary<Keep> keeps = Arbitraries.oneOf(
                Arbitraries.integers().between(1, Keep.MOST).map(Keep.Latest::new),
                ages.map(Keep.Newer::new),
                ages.map(Keep.Pulled::new),
                ages.map(Keep.Untagged::new),
                Arbitraries.just(new Keep.Matching()));
        Arbitrary<List<TagPattern>> tags = Arbitraries.strings()
                .withChars("ab*?._-")
                .ofMinLength(1)
                .ofMaxLength(5)
                .filter(text -> TagPattern.parse(text).isPresent())
                .map(TagPattern::new)
                .list()
                .ofMaxSize(3);
        Arbitrary<List<Glob>> repositories = Arbitraries.strings()
                .withChars("ab*?._-/")
                .ofMinLength(1)
                .ofMaxLength(5)
                .map(Glob::new)
                .list()
                .ofMaxSize(3);
        return Combinators.combine(keeps, repositories, tags)
                .as((keep, in, of) -> new RetentionRule(keep, in, keep instanceof Keep.Untagged ? List.of() : of));
    }
}
