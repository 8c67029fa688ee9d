package dev.moorage.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A glob matches whole texts, by its two signs only, in time that no pattern can draw out. */
class GlobPropertyTest {

    @Property(tries = 5000)
    void matchesWhatTheDefinitionSays(@ForAll("patterns") String pattern, @ForAll("texts") String text) {
        assertThat(new Glob(pattern).matches(text)).isEqualTo(defined(pattern, text));
    }

    @Property
    void patternWithoutSignsMatchesItselfOnly(@ForAll("texts") String one, @ForAll("texts") String other) {
        if (!one.isEmpty()) {
            assertThat(new Glob(one).matches(other)).isEqualTo(one.equals(other));
        }
    }

    @Property
    void halfAMatchIsNone(@ForAll("texts") String text) {
        assertThat(new Glob("v?").matches("v1" + text)).isEqualTo(text.isEmpty());
        assertThat(new Glob("v?").matches(text + "v1")).isEqualTo(text.isEmpty());
    }

    @Property
    void signsOfRegularExpressionsStandForThemselves(@ForAll("regexes") String pattern) {
        assertThat(new Glob(pattern).matches(pattern)).isTrue();
        assertThat(new Glob(pattern).matches("x")).isFalse();
    }

    @Example
    void noPatternTakesLong() {
        Glob evil = new Glob("*a".repeat(126) + "*b");
        String text = "a".repeat(200_000);

        assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertThat(evil.matches(text)).isFalse());
        assertThat(evil.matches(text + "b")).isTrue();
    }

    @Property
    void patternsAreBounded(@ForAll("anything") String text) {
        boolean valid = !text.isEmpty()
                && text.length() <= Glob.MAX_LENGTH
                && text.chars().noneMatch(Character::isISOControl);

        assertThat(Glob.parse(text).isPresent()).isEqualTo(valid);
        if (!valid) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Glob(text));
        }
    }

    @Property(tries = 2000)
    void patternOfTagsMatchesTagsAsTheGlobDoes(@ForAll("patterns") String pattern, @ForAll("tags") String tag) {
        TagPattern.parse(pattern)
                .ifPresent(rule -> assertThat(rule.matches(new Tag(tag))).isEqualTo(new Glob(pattern).matches(tag)));
    }

    @Example
    void patternOfTagsHoldsWhatATagMayHold() {
        assertThat(TagPattern.parse("*")).isPresent();
        assertThat(TagPattern.parse("v?.*")).isPresent();
        assertThat(TagPattern.parse("a".repeat(128))).isPresent();
        assertThat(TagPattern.parse("a".repeat(129))).isEmpty();
        for (String text : new String[] {"", "-x", ".*", "a/b", "[ab]", "a|b", "a b", "ä"}) {
            assertThat(TagPattern.parse(text)).as(text).isEmpty();
        }
    }

    /** What a glob means, with no thought of time. */
    private static boolean defined(String pattern, String text) {
        if (pattern.isEmpty()) {
            return text.isEmpty();
        }
        String rest = pattern.substring(1);
        return switch (pattern.charAt(0)) {
            case '*' -> defined(rest, text) || (!text.isEmpty() && defined(pattern, text.substring(1)));
            case '?' -> !text.isEmpty() && defined(rest, text.substring(1));
            default -> !text.isEmpty() && text.charAt(0) == pattern.charAt(0) && defined(rest, text.substring(1));
        };
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars("ab*?").ofMinLength(1).ofMaxLength(9);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("ab").ofMaxLength(10);
    }

    @Provide
    Arbitrary<String> tags() {
        return Arbitraries.strings().withChars("ab").ofMinLength(1).ofMaxLength(10);
    }

    @Provide
    Arbitrary<String> regexes() {
        return Arbitraries.strings().withChars(".[](){}+|^$\\").ofMinLength(1).ofMaxLength(20);
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(5),
                Arbitraries.strings().alpha().ofMinLength(250).ofMaxLength(260));
    }
}
