package dev.moorage.administration;

import dev.moorage.metadata.OrganizationStore;
import java.time.Duration;
import java.time.Instant;

/**
 * An organization, as the management API shows it.
 *
 * @param undoWindow how long what is deleted or overwritten can be brought back, as ISO 8601 writes durations
 */
public record Organization(String name, String defaultVisibility, Instant createdAt, String undoWindow) {

    static Organization of(OrganizationStore.Row row, Duration usual) {
        return new Organization(
                row.name().value(),
                row.defaultVisibility().text(),
                row.createdAt(),
                row.undoWindow().orElse(usual).toString());
    }
}
