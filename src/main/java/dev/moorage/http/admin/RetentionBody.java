package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.administration.WantedPolicy;
import dev.moorage.name.RetentionPolicy;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionSchedule;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;

/** What is sent of retention policies, and the values that are made of it. */
final class RetentionBody {

    private RetentionBody() {}

    /** A policy to set: its rules, and when it runs by itself. */
    @RegisterForReflection
    record NewPolicy(@JsonProperty(required = true) List<NewRetentionRule> rules, Optional<NewSchedule> schedule) {

        RetentionPolicy policy() {
            // Rules before the schedule: the first fault is told.
            List<RetentionRule> read = RetentionBody.rules(rules);
            return new RetentionPolicy(read, schedule.map(NewSchedule::schedule));
        }
    }

    /** Rules to try; none are those of the policy that is in force. */
    @RegisterForReflection
    record NewPreview(Optional<List<NewRetentionRule>> rules) {

        Optional<List<RetentionRule>> given() {
            return rules.map(RetentionBody::rules);
        }
    }

    /** Nothing to say: a body all the same, so that no page in a browser sends it behind somebody's back. */
    @RegisterForReflection
    record Nothing() {}

    /** A rule to set. */
    @RegisterForReflection
    record NewRetentionRule(
            @JsonProperty(required = true) String rule,
            Optional<Integer> count,
            Optional<String> age,
            Optional<List<String>> tags,
            Optional<List<String>> repositories) {

        private WantedPolicy.Rule wanted() {
            return new WantedPolicy.Rule(rule, count, age, tags, repositories);
        }
    }

    /** When a policy is to run by itself: one of the two. */
    @RegisterForReflection
    record NewSchedule(Optional<String> every, Optional<String> dailyAt) {

        RetentionSchedule schedule() {
            return WantedPolicy.schedule(every, dailyAt);
        }
    }

    private static List<RetentionRule> rules(List<NewRetentionRule> asked) {
        return WantedPolicy.rules(asked.stream()
                .map(rule -> Optional.ofNullable(rule).map(NewRetentionRule::wanted))
                .toList());
    }
}
