package dev.moorage.http.ui;

import dev.moorage.administration.AuditFilter;
import java.util.List;
import java.util.Optional;

/**
 * Which rows of the audit trail the form asks for, in its own words.
 *
 * @param action an action, or a pattern of several
 * @param actor a pattern of who did it
 * @param target a pattern of to what
 * @param outcome {@code done} or {@code denied}; empty for both
 * @param since then or later
 * @param until before
 * @param organization in which organization; empty for all
 */
record AuditQuery(
        String action, String actor, String target, String outcome, String since, String until, String organization) {

    static AuditQuery of(ConsoleRequest request) {
        return new AuditQuery(
                request.query("action").orElse(""),
                request.query("actor").orElse(""),
                request.query("target").orElse(""),
                request.query("outcome").orElse(""),
                request.query("since").orElse(""),
                request.query("until").orElse(""),
                request.query("organization").orElse(""));
    }

    AuditFilter filter() {
        return new AuditFilter(
                action.isEmpty() ? List.of() : List.of(action),
                said(actor),
                said(target),
                said(outcome),
                said(since).map(text -> Moments.parse("since", text)),
                said(until).map(text -> Moments.parse("until", text)));
    }

    /** Whether fewer are asked for than there are. */
    public boolean filtered() {
        return !(action + actor + target + outcome + since + until + organization).isEmpty();
    }

    /** The time as its field holds it. */
    public String sinceField() {
        return field("since", since);
    }

    /** The time as its field holds it. */
    public String untilField() {
        return field("until", until);
    }

    /** Where a page shows these rows. */
    Address address(String page) {
        return Address.of(page)
                .with("action", said(action))
                .with("actor", said(actor))
                .with("target", said(target))
                .with("outcome", said(outcome))
                .with("since", said(since))
                .with("until", said(until))
                .with("organization", said(organization));
    }

    private static String field(String name, String text) {
        return text.isEmpty() ? "" : Moments.field(Moments.parse(name, text));
    }

    private static Optional<String> said(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }
}
