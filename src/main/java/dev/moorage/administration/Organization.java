package dev.moorage.administration;

import dev.moorage.metadata.OrganizationStore;
import java.time.Instant;

/** An organization, as the management API shows it. */
public record Organization(String name, String defaultVisibility, Instant createdAt) {

    static Organization of(OrganizationStore.Row row) {
        return new Organization(row.name().value(), row.defaultVisibility().text(), row.createdAt());
    }
}
