package dev.moorage.administration;

import dev.moorage.metadata.TeamStore;
import java.time.Instant;

/** A team, as the management API shows it. */
public record Team(String name, Instant createdAt) {

    static Team of(TeamStore.Row row) {
        return new Team(row.name(), row.createdAt());
    }
}
