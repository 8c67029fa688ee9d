package dev.moorage.name;

import java.util.List;
import java.util.Optional;

/**
 * What an organization or a repository keeps, and what may go.
 *
 * <p>A tag is kept where any rule keeps it, or where none speaks of it; so is an untagged manifest.
 *
 * @param rules at most {@value #MOST_RULES}; with none of them nothing ever goes
 * @param schedule when it runs by itself; empty where it runs only when it is told to
 */
public record RetentionPolicy(List<RetentionRule> rules, Optional<RetentionSchedule> schedule) {

    /** How many rules a policy has at most. */
    public static final int MOST_RULES = 50;

    /** Keeps its own copy; refuses more rules than there may be. */
    public RetentionPolicy {
        rules = List.copyOf(rules);
        if (rules.size() > MOST_RULES) {
            throw new IllegalArgumentException("too many rules");
        }
    }
}
