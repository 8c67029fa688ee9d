package dev.moorage.http;

import java.util.Locale;

/** Who asks in the table of who may do what, in the order of its columns. */
enum Caller {
    /** Shows nothing. */
    NONE,
    /** Owns another organization. */
    OTHER,
    /** Owned this one until his token expired. */
    EXPIRED,
    /** Reads. */
    PULL,
    /** Writes. */
    PUSH,
    MAINTAINER,
    OWNER,
    ADMINISTRATOR;

    /** The name of his account. */
    String account() {
        return switch (this) {
            case ADMINISTRATOR -> "admin";
            case NONE, OTHER, EXPIRED, PULL, PUSH, MAINTAINER, OWNER -> "the-" + name().toLowerCase(Locale.ROOT);
        };
    }
}
