package dev.moorage.administration;

import dev.moorage.metadata.AccessTokenListStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A personal access token, as its owner sees it.
 *
 * @param prefix where it may be used: leading components of repositories' names; empty for everywhere
 * @param actions what it may be used for
 */
public record PersonalToken(
        long id,
        String name,
        String prefix,
        List<String> actions,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt) {

    /** Keeps its own copy of the actions. */
    public PersonalToken {
        actions = List.copyOf(actions);
    }

    /**
     * A token that was made.
     *
     * @param id its number
     * @param secret the token itself, which nobody is shown again
     */
    public record Made(long id, String name, String secret) {
        @Override
        public String toString() {
            return name + ", ***";
        }
    }

    static PersonalToken of(AccessTokenListStore.Row row) {
        return new PersonalToken(
                row.id(),
                row.name(),
                row.prefix().value(),
                row.actions(),
                row.createdAt(),
                row.expiresAt(),
                row.lastUsedAt());
    }
}
