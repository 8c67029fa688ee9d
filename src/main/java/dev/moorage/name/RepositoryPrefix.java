package dev.moorage.name;

import java.util.Optional;

/**
 * All repositories whose names begin with the same whole components: {@code acme/web} covers {@code acme/web} and {@code
 * acme/web/api}, and not {@code acme/website}.
 *
 * @param value the leading components; empty to cover every repository
 */
public record RepositoryPrefix(String value) {

    /** Covers every repository of every organization. */
    public static final RepositoryPrefix ALL = new RepositoryPrefix("");

    /** Refuses what is neither empty nor a repository name. */
    public RepositoryPrefix {
        if (!value.isEmpty() && RepositoryName.parse(value).isEmpty()) {
            throw new IllegalArgumentException("not a prefix of repository names");
        }
    }

    /** Reads a prefix; empty where the text is none. */
    public static Optional<RepositoryPrefix> parse(String text) {
        return text.isEmpty() || RepositoryName.parse(text).isPresent()
                ? Optional.of(new RepositoryPrefix(text))
                : Optional.empty();
    }

    /**
     * What lies in an organization behind a path.
     *
     * @param path whole components behind the organization's name; empty for the whole organization
     * @return empty where the two are no name together
     */
    public static Optional<RepositoryPrefix> of(OrganizationName organization, String path) {
        return parse(path.isEmpty() ? organization.value() : organization.value() + '/' + path);
    }

    /** Whether a repository lies in here. */
    public boolean covers(RepositoryName name) {
        return covers(name.value());
    }

    /** Whether everything in another prefix lies in here. */
    public boolean covers(RepositoryPrefix other) {
        return value.isEmpty() || (!other.value.isEmpty() && covers(other.value));
    }

    private boolean covers(String name) {
        return value.isEmpty()
                || (name.startsWith(value) && (name.length() == value.length() || name.charAt(value.length()) == '/'));
    }

    @Override
    public String toString() {
        return value;
    }
}
