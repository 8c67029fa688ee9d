package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.administration.Retention;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.http.Form;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionSchedule;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Retention policies as a form holds them, and in words. */
class PolicyDraftTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keep-latest 5 tags=v*,release-*",
                "keep-newer P30D repositories=acme/web,acme/api/*",
                "keep-pulled PT12H",
                "keep-matching tags=stable",
                "delete-untagged PT0S",
                "delete-untagged PT90S"
            })
    void ruleThatIsShownInTheFormIsReadAsItself(String text) {
        RetentionRule rule = RetentionRule.parse(text).orElseThrow();
        PolicyDraft draft = PolicyDraft.of(
                new Retention("organization", List.of(Retention.Rule.of(rule)), Optional.empty(), Optional.empty()));

        assertThat(draft.read()).containsExactly(rule);
        assertThat(draft.rows()).hasSize(4).endsWith(RuleDraft.NONE);
    }

    @Test
    void rowsWithoutARuleAreLeftOut() {
        PolicyDraft draft = PolicyDraft.of(new Form(Map.of(
                "rule", List.of("", "keep-newer", ""),
                "number", List.of("", "2", ""),
                "unit", List.of("tags", "hours", "tags"),
                "tags", List.of("", "v1, v2 v3", ""),
                "schedule", List.of("every"),
                "every", List.of("2"),
                "every-unit", List.of("days"))));

        assertThat(draft.policy().rules())
                .containsExactly(
                        RetentionRule.parse("keep-newer PT2H tags=v1,v2,v3").orElseThrow());
        assertThat(draft.policy().schedule()).contains(new RetentionSchedule.Every(Duration.ofDays(2)));
    }

    @Test
    void timeOfDayIsRead() {
        PolicyDraft draft = new PolicyDraft(List.of(), "daily", "03:30", "", "hours");

        assertThat(draft.policy().schedule()).contains(new RetentionSchedule.Daily(LocalTime.of(3, 30)));
    }

    @ParameterizedTest
    @CsvSource({
        "keep-latest, 0, tags, '', rules.0.count",
        "keep-latest, '', tags, '', rules.0.count",
        "keep-latest, 5, days, '', rules.0.unit",
        "keep-newer, 5, tags, '', rules.0.unit",
        "keep-newer, '', tags, '', rules.0.age",
        "keep-newer, 5, weeks, '', rules.0.age",
        "keep-newer, -5, days, '', rules.0.number",
        "keep-newer, 1e3, days, '', rules.0.number",
        "keep-newer, 999999999, days, '', rules.0.age",
        "keep-matching, 5, tags, v*, rules.0.unit",
        "keep-matching, '', tags, <b>, rules.0.tags",
        "delete-untagged, 5, days, v*, rules.0.tags",
        "keep-everything, '', tags, '', rules.0.rule"
    })
    void whatIsNoRuleIsRefusedWithItsField(String rule, String number, String unit, String tags, String field) {
        PolicyDraft draft =
                new PolicyDraft(List.of(new RuleDraft(rule, number, unit, tags, "")), "", "03:30", "24", "hours");

        assertThatThrownBy(draft::read).isInstanceOfSatisfying(Invalid.class, refusal -> assertThat(refusal.field())
                .contains(field));
    }

    @Test
    void formWithHalfARowIsRefused() {
        Form form = new Form(Map.of("rule", List.of("keep-latest", "keep-latest"), "number", List.of("1")));

        assertThatThrownBy(() -> PolicyDraft.of(form)).isInstanceOf(Invalid.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keep-latest 1|Keep the tag that was pushed last",
                "keep-latest 5 tags=v*,w*|Keep the 5 tags that were pushed last, of those named v* or w*",
                "keep-newer P1D|Keep tags that were pushed within 1 day",
                "keep-pulled PT90S tags=v*|Keep tags named v* that were pushed or pulled within 90 seconds",
                "keep-matching tags=stable repositories=acme/*|Keep every tag named stable, in acme/*",
                "delete-untagged PT0S|Delete manifests that have no tag",
                "delete-untagged PT36H|Delete manifests that have no tag, when they have had none for 36 hours",
                "not kept by keep-latest 2 tags=v*, nor by keep-newer P2D|No rule keeps it: Keep the 2 tags that were pushed last, of those named v*; Keep tags that were pushed within 2 days",
                "named <b> by nobody|named <b> by nobody"
            })
    void reasonsAreSaidInWords(String because, String words) {
        assertThat(RuleWords.because(because)).isEqualTo(words);
    }
}
