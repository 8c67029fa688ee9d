package dev.moorage;

import java.util.List;
import java.util.Locale;

/** The packages, in the order of the table of rooms: each may import those above it, less what stands beside it. */
enum Room {
    NAME,
    ERROR,
    CONFIG,
    DRAIN,
    MANIFEST,
    BLOB,
    METADATA,
    OUTBOUND,
    EVENT,
    ACCESS,
    REGISTRY,
    ADMINISTRATION,
    LIFECYCLE,
    PROXY,
    EMBEDDED,
    COMMAND,
    HEALTH,
    HTTP;

    /** The packages of the room, as ArchUnit writes them. */
    String packages() {
        return "dev.moorage." + name().toLowerCase(Locale.ROOT) + "..";
    }

    /** Whether the table lets this room import another one. */
    boolean mayImport(Room other) {
        return other.compareTo(this) < 0
                && switch (this) {
                    case NAME, ERROR, CONFIG, REGISTRY, LIFECYCLE, PROXY, COMMAND, HEALTH -> true;
                    case MANIFEST -> List.of(NAME, ERROR).contains(other);
                    case BLOB, OUTBOUND -> List.of(NAME, ERROR, CONFIG).contains(other);
                    case METADATA, EVENT, ACCESS, ADMINISTRATION -> other != BLOB;
                    case DRAIN, EMBEDDED -> other == CONFIG;
                    case HTTP ->
                        List.of(NAME, ERROR, CONFIG, DRAIN, MANIFEST, ACCESS, REGISTRY, ADMINISTRATION, LIFECYCLE)
                                .contains(other);
                };
    }
}
