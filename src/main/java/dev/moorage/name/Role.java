package dev.moorage.name;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a grant makes of its holder; each role may do what the ones before it may. */
public enum Role {
    /** Pulls. */
    READER,
    /** Pushes. */
    WRITER,
    /** Deletes and restores. */
    MAINTAINER,
    /** Decides who may what, and what the rules are. */
    OWNER;

    /** Reads a role as the database and the management API write it, in lower case; empty where the text is none. */
    public static Optional<Role> parse(String text) {
        return Stream.of(values()).filter(role -> role.text().equals(text)).findFirst();
    }

    /** The role as the database and the management API write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
