package dev.moorage.http.watch;

import dev.moorage.http.v2.V2Path;
import java.util.Locale;

/** What a request is about, in one of few and fixed words, whatever its path holds. */
enum Route {
    BASE,
    CATALOG,
    TAGS,
    MANIFEST,
    BLOB,
    UPLOADS,
    UPLOAD,
    REFERRERS,
    SEARCH,
    TOKEN,
    ADMINISTRATION,
    CONSOLE,
    OTHER;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The route of a path as the client sent it. */
    static Route of(String path) {
        if (path.startsWith("/v2")) {
            return V2Path.parse(path).map(Route::of).orElse(OTHER);
        }
        if (path.startsWith("/api/v1/")) {
            return ADMINISTRATION;
        }
        if (path.equals("/") || path.startsWith("/console/")) {
            return CONSOLE;
        }
        if (path.startsWith("/auth/")) {
            return TOKEN;
        }
        return path.startsWith("/v1/") ? SEARCH : OTHER;
    }

    private static Route of(V2Path path) {
        return switch (path.family()) {
            case BASE -> BASE;
            case CATALOG -> CATALOG;
            case TAGS -> TAGS;
            case MANIFEST -> MANIFEST;
            case BLOB -> BLOB;
            case UPLOADS -> UPLOADS;
            case UPLOAD -> UPLOAD;
            case REFERRERS -> REFERRERS;
        };
    }

    /** As a label. */
    String word() {
        return word;
    }
}
