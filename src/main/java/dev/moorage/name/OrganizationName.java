package dev.moorage.name;

import java.util.Optional;

/**
 * The name of an organization, which is the tenant: one path component of a repository's name.
 *
 * @param value the text, {@code [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*}, at most 255 characters
 */
public record OrganizationName(String value) {

    /** Refuses a text that is no single path component. */
    public OrganizationName {
        if (!isName(value)) {
            throw new IllegalArgumentException("not an organization name");
        }
    }

    /** Reads an organization's name; empty where the text is none. */
    public static Optional<OrganizationName> parse(String text) {
        return isName(text) ? Optional.of(new OrganizationName(text)) : Optional.empty();
    }

    private static boolean isName(String text) {
        return text.length() <= RepositoryName.MAX_LENGTH && RepositoryName.isComponent(text, 0, text.length());
    }

    @Override
    public String toString() {
        return value;
    }
}
