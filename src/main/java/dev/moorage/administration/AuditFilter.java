package dev.moorage.administration;

import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.AuditListStore;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditOutcome;
import dev.moorage.name.Glob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which rows of the audit trail are asked for; all that match everything that is said.
 *
 * @param actions actions, or patterns of them: any of several
 * @param actor a pattern of the actor's name
 * @param target a pattern of the target's name
 * @param outcome {@code done} or {@code denied}
 * @param since then or later
 * @param until before
 */
public record AuditFilter(
        List<String> actions,
        Optional<String> actor,
        Optional<String> target,
        Optional<String> outcome,
        Optional<Instant> since,
        Optional<Instant> until) {

    /** Everything. */
    public static final AuditFilter ALL = new AuditFilter(
            List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Keeps its own copy of the actions. */
    public AuditFilter {
        actions = List.copyOf(actions);
    }

    AuditListStore.Wanted wanted(Optional<String> organization) {
        return new AuditListStore.Wanted(
                organization,
                actions.stream().flatMap(AuditFilter::named).distinct().toList(),
                actor.map(text -> glob("actor", text)),
                target.map(text -> glob("target", text)),
                outcome.map(text -> AuditOutcome.parse(text)
                        .orElseThrow(() -> new Invalid("outcome", "outcome is done or denied"))),
                since,
                until);
    }

    private static Stream<String> named(String pattern) {
        Glob glob = glob("action", pattern);
        List<String> named = Stream.of(AuditAction.values())
                .map(AuditAction::text)
                .filter(glob::matches)
                .toList();
        if (named.isEmpty()) {
            throw new Invalid("action", "there is no such action; docs/audit.md lists them");
        }
        return named.stream();
    }

    private static Glob glob(String field, String text) {
        return Glob.parse(text)
                .orElseThrow(() -> new Invalid(
                        field,
                        field + " is a text of 1 to " + Glob.MAX_LENGTH + " characters, * and ? for any of them"));
    }
}
