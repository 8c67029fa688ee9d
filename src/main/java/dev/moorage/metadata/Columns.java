package dev.moorage.metadata;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Reads and writes the columns that several tables have alike. */
final class Columns {

    /**
     * Goes behind a WHERE clause that speaks of the repository as {@code r}: a deleted organization takes all that is in it
     * out of sight, by its own row alone. By key for each row that is found, whatever the planner expects.
     */
    static final String IN_LIVE_ORGANIZATION =
            " AND (SELECT owner.deleted_at IS NULL FROM organization owner WHERE owner.id = r.organization_id)";

    private Columns() {}

    /** A time that may be absent. */
    static Optional<Instant> instant(ResultSet row, int index) throws SQLException {
        return Optional.ofNullable(row.getObject(index, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /** A time as a parameter. */
    static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
