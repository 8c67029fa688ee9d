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
     * Goes behind a WHERE clause that finds one repository, {@code r}, or a few: a deleted organization takes all that is in it
     * out of sight, by its own row alone, which is asked for.
     *
     * <p>Of a null the planner expects hardly any, as it should: of what is null it might expect nothing else.
     */
    static final String IN_LIVE_ORGANIZATION = """
             AND (
                SELECT nullif(home.restorable_until IS NULL, false)
                FROM organization home
                WHERE home.id = r.organization_id) IS NOT NULL
            """;

    /** The same for a list of many repositories: the deleted organizations are asked for once a statement. */
    static final String EACH_IN_LIVE_ORGANIZATION = """
             AND nullif(r.organization_id IN (
                SELECT hidden.id FROM organization hidden WHERE hidden.restorable_until IS NOT NULL), true) IS NOT NULL
            """;

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
