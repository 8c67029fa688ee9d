package dev.moorage.name;

import java.util.Optional;

/**
 * The full name of a repository: path components joined by slashes, at most 255 characters.
 *
 * <p>Each component is {@code [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*}; the first one is the organization. OCI distribution
 * specification, "Pulling manifests".
 *
 * @param value the text
 */
public record RepositoryName(String value) {

    /** The longest name, in characters. */
    public static final int MAX_LENGTH = 255;

    /** Refuses a text that is no repository name. */
    public RepositoryName {
        if (!isName(value)) {
            throw new IllegalArgumentException("not a repository name");
        }
    }

    /** Reads a repository name; empty where the text is none. */
    public static Optional<RepositoryName> parse(String text) {
        return isName(text) ? Optional.of(new RepositoryName(text)) : Optional.empty();
    }

    /** The organization that the repository belongs to: the first component. */
    public OrganizationName organization() {
        int slash = value.indexOf('/');
        return new OrganizationName(slash < 0 ? value : value.substring(0, slash));
    }

    private static boolean isName(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        int start = 0;
        while (true) {
            int slash = text.indexOf('/', start);
            int end = slash < 0 ? text.length() : slash;
            if (!isComponent(text, start, end)) {
                return false;
            }
            if (slash < 0) {
                return true;
            }
            start = slash + 1;
        }
    }

    static boolean isComponent(String text, int start, int end) {
        int i = start;
        while (true) {
            int word = i;
            while (i < end && isAlphanumeric(text.charAt(i))) {
                i++;
            }
            if (i == word) {
                return false;
            }
            if (i == end) {
                return true;
            }
            i = afterSeparator(text, i, end);
            if (i < 0) {
                return false;
            }
        }
    }

    /** The index behind one separator at {@code i}: a dot, one or two underscores, or any number of hyphens; else -1. */
    private static int afterSeparator(String text, int i, int end) {
        char c = text.charAt(i);
        int next = i + 1;
        if (c == '_' && next < end && text.charAt(next) == '_') {
            return next + 1;
        }
        if (c == '-') {
            while (next < end && text.charAt(next) == '-') {
                next++;
            }
            return next;
        }
        return c == '.' || c == '_' ? next : -1;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        return value;
    }
}
