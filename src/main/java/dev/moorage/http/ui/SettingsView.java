package dev.moorage.http.ui;

import dev.moorage.administration.ImmutabilityRule;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Quotas;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a repository, as they are and as somebody typed them.
 *
 * @param repository the repository's name
 * @param owner whether the reader may change them
 * @param visibility who may pull
 * @param description what is said of it in short
 * @param readme what is said of it at length
 * @param pattern a rule that somebody typed
 * @param rules the rules that keep its tags; empty where the reader may not see them
 * @param usage what it uses; empty where the reader may not see it
 * @param message what was done, or why nothing was
 */
record SettingsView(
        String repository,
        boolean owner,
        String visibility,
        String description,
        String readme,
        String pattern,
        Optional<Listing<ImmutabilityRule>> rules,
        Optional<Quotas.SharedUsage> usage,
        Message message) {

    private static final Map<String, String> DONE = Map.of(
            "settings", "The visibility and the description were saved.",
            "readme", "The README was saved.",
            "icon", "The icon was saved.",
            "icon-removed", "The icon was taken away.",
            "rule", "The rule was made.",
            "lifted", "The rule was lifted.");

    /**
     * What the page says first.
     *
     * @param text what it says; empty for nothing
     * @param refused whether it says that something was refused
     * @param field what of the form was wrong; empty where that is not known
     */
    record Message(String text, boolean refused, String field) {

        static final Message NONE = new Message("", false, "");

        /** That something was done, by the word that its address ends with. */
        static Message done(Optional<String> word) {
            return word.map(DONE::get).map(text -> new Message(text, false, "")).orElse(NONE);
        }
    }

    /** The same page with what somebody typed, and why it was refused. */
    SettingsView refused(String why, String field) {
        return new SettingsView(
                repository,
                owner,
                visibility,
                description,
                readme,
                pattern,
                rules,
                usage,
                new Message(why, true, field));
    }

    SettingsView typed(String typedVisibility, String typedDescription) {
        return new SettingsView(
                repository, owner, typedVisibility, typedDescription, readme, pattern, rules, usage, message);
    }

    SettingsView typedReadme(String typed) {
        return new SettingsView(repository, owner, visibility, description, typed, pattern, rules, usage, message);
    }

    SettingsView typedPattern(String typed) {
        return new SettingsView(repository, owner, visibility, description, readme, typed, rules, usage, message);
    }
}
