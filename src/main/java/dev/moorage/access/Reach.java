package dev.moorage.access;

import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import java.util.List;

/** From where somebody may pull, beside public repositories. */
public sealed interface Reach {

    /** Whether a repository lies in here. */
    boolean covers(RepositoryName repository);

    /** From everywhere. */
    record Everywhere() implements Reach {
        @Override
        public boolean covers(RepositoryName repository) {
            return true;
        }
    }

    /**
     * From some parts of some organizations.
     *
     * @param prefixes none of them within another one
     */
    record Within(List<RepositoryPrefix> prefixes) implements Reach {

        /** Keeps its own copy, without those that lie within another one. */
        public Within {
            List<RepositoryPrefix> all = prefixes.stream().distinct().toList();
            prefixes = all.stream()
                    .filter(prefix -> all.stream().noneMatch(other -> !other.equals(prefix) && other.covers(prefix)))
                    .toList();
        }

        @Override
        public boolean covers(RepositoryName repository) {
            return prefixes.stream().anyMatch(prefix -> prefix.covers(repository));
        }
    }
}
