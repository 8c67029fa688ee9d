package dev.moorage.http;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where in the console somebody wanted to go before he logged in: a path of this host that a browser cannot read as another
 * one.
 */
public final class ConsolePath {

    /** The page that everything begins with. */
    public static final String HOME = "/console/";

    private static final int MAX_LENGTH = 2048;
    // The characters of RFC 3986, sections 3.3 and 3.4; no backslash, no blank, no line's end.
    private static final Pattern TEXT =
            Pattern.compile("/console/(?<path>[\\w.~%!$&'()*+,;=:@/-]*)(\\?[\\w.~%!$&'()*+,;=:@/?-]*)?");
    private static final Pattern LOG_IN_OR_OUT = Pattern.compile("(login|logout)(/.*)?");

    private ConsolePath() {}

    /** The path with its query, as it came; empty where it is not below {@code /console/}, or leads to the log-in again. */
    public static Optional<String> of(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        var parts = TEXT.matcher(text);
        return parts.matches() && isPlain(parts.group("path")) ? Optional.of(text) : Optional.empty();
    }

    /** No path that is read differently by whoever decodes it first. */
    private static boolean isPlain(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        boolean encoded = lower.contains("%2f") || lower.contains("%5c") || lower.contains("%2e");
        boolean moves = ("/" + path + "/").contains("/../") || ("/" + path + "/").contains("/./");
        return !encoded
                && !moves
                && !path.contains("//")
                && !path.startsWith("/")
                && !LOG_IN_OR_OUT.matcher(path).matches();
    }
}
