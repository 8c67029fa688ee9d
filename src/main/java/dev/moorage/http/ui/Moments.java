package dev.moorage.http.ui;

import dev.moorage.error.AdministrationException.Invalid;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Times as forms hold them: a day, or a minute of one, in UTC. */
final class Moments {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Moments() {}

    /** Reads a day (its beginning), a time of a day in UTC, or a time with its zone; 400 where a text is none. */
    static Instant parse(String field, String text) {
        try {
            if (!text.contains("T")) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            int clock = text.indexOf('T');
            boolean zoned = text.endsWith("Z") || text.indexOf('+', clock) > 0 || text.indexOf('-', clock) > 0;
            return zoned
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException _) {
            throw new Invalid(field, field + " is a day as 2030-01-31, or a time in UTC as 2030-01-31T12:00");
        }
    }

    /** A time as a field of a form holds it. */
    static String field(Instant time) {
        return MINUTE.format(time);
    }

    /** The day of a time as a field of a form holds it. */
    static String day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC).toString();
    }
}
