package dev.moorage.http.ui;

import dev.moorage.lifecycle.WhyService.Explanation;
import dev.moorage.lifecycle.WhyService.Reason;
import java.util.List;
import java.util.Optional;

/**
 * Why something is kept, in sentences.
 *
 * @param repository the repository's name
 * @param explanation what is known
 * @param reasons what keeps it
 */
record WhyPage(String repository, Explanation explanation, List<Sentence> reasons) {

    /** Keeps its own copy. */
    WhyPage {
        reasons = List.copyOf(reasons);
    }

    /**
     * A sentence with what it is about.
     *
     * @param before what stands before the name
     * @param name what keeps it
     * @param link where that is shown
     * @param after what stands behind the name
     * @param reason what was found
     */
    record Sentence(String before, Optional<String> name, Optional<String> link, String after, Reason reason) {}

    static WhyPage of(String repository, Explanation explanation) {
        return new WhyPage(
                repository,
                explanation,
                explanation.reasons().stream()
                        .map(reason -> sentence(Shown.repository(repository), reason))
                        .toList());
    }

    private static Sentence sentence(String address, Reason reason) {
        return switch (reason.by()) {
            case "tag" -> named(reason, address + "/tags/", "The tag", "names it.");
            case "manifest" -> named(reason, address + "/manifests/", "The manifest", "needs it.");
            case "index" -> named(reason, address + "/manifests/", "The index", "lists it.");
            case "subject-gone" -> plain(reason, "What it is about has gone, and a manifest does not go with that.");
            case "undo" ->
                new Sentence(
                        "Somebody took it away, and that can be undone",
                        reason.name().map(_ -> "by this event"),
                        reason.name().map(event -> address + "/events/" + Shown.part(event) + "/undo"),
                        "",
                        reason);
            case "lease" -> plain(reason, "It was pushed, or asked for by somebody who pushes, a short time ago.");
            case "untagged" ->
                plain(reason, "It has no tag, and stays until somebody or a rule of retention deletes it.");
            default -> plain(reason, reason.by());
        };
    }

    private static Sentence plain(Reason reason, String text) {
        return new Sentence(text, Optional.empty(), Optional.empty(), "", reason);
    }

    private static Sentence named(Reason reason, String address, String before, String after) {
        return new Sentence(
                before, reason.name(), reason.name().map(name -> address + Shown.part(name)), after, reason);
    }
}
