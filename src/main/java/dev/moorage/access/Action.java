package dev.moorage.access;

import dev.moorage.name.Role;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a request does to a repository (Docker token specification, "Resource actions"). */
public enum Action {
    /** Reads manifests, blobs, tags and referrers. */
    PULL(Role.READER),
    /** Uploads, mounts, puts manifests, moves tags. */
    PUSH(Role.WRITER),
    /** Deletes and restores. */
    DELETE(Role.MAINTAINER),
    /** Decides who may what and what the rules are; asked by the management API only. */
    ADMINISTER(Role.OWNER);

    private final Role least;

    Action(Role least) {
        this.least = least;
    }

    /** Everything that a role may do. */
    public static Set<Action> of(Role role) {
        EnumSet<Action> actions = EnumSet.noneOf(Action.class);
        Stream.of(values()).filter(action -> action.heldBy(role)).forEach(actions::add);
        return actions;
    }

    /** Reads an action as tokens and scopes write it, in lower case; empty where the text is none. */
    public static Optional<Action> parse(String text) {
        return Stream.of(values()).filter(action -> action.text().equals(text)).findFirst();
    }

    /** The action as tokens and scopes write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a role may do this. */
    public boolean heldBy(Role role) {
        return role.compareTo(least) >= 0;
    }
}
