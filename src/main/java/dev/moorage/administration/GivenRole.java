package dev.moorage.administration;

import dev.moorage.metadata.GrantListStore;
import java.time.Instant;

/**
 * A role that somebody was given, as the management API shows it.
 *
 * @param id its number
 * @param path where in the organization: whole components behind its name; empty for all of it
 */
public record GivenRole(long id, Holder holder, String role, String path, Instant createdAt) {

    static GivenRole of(GrantListStore.Row row) {
        return new GivenRole(
                row.id(), new Holder(row.kind(), row.holder()), row.role().text(), row.path(), row.createdAt());
    }
}
