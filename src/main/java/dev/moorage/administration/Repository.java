package dev.moorage.administration;

import dev.moorage.metadata.RepositoryListStore;
import java.time.Instant;

/** A repository, as the management API shows it. */
public record Repository(String name, String visibility, String description, Instant createdAt) {

    static Repository of(RepositoryListStore.Row row) {
        return new Repository(row.name().value(), row.visibility().text(), row.description(), row.createdAt());
    }
}
