package dev.moorage.http.v2;

import dev.moorage.error.RegistryException.Unsupported;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which page of a list a client asks for (OCI distribution specification, "Listing Tags"; Docker Registry HTTP API V2,
 * "Pagination").
 *
 * @param size how many items at most, 0 to {@link #MAX_SIZE}
 * @param after the text behind which the page begins; empty for the first page
 */
record PageRequest(int size, String after) {

    /** How many items a page holds at most, and where none is asked for. */
    static final int MAX_SIZE = 1000;

    private static final int MAX_AFTER = 1024;
    private static final int MAX_DIGITS = 19;

    /** Reads the parameters {@code n} and {@code last}; a larger {@code n} is cut, a negative or senseless one refused. */
    static PageRequest of(V2Request request) {
        String after = request.query("last").orElse("");
        if (after.length() > MAX_AFTER) {
            throw new Unsupported("last has at most " + MAX_AFTER + " characters");
        }
        // No name holds NUL, and PostgreSQL cannot: what comes behind "a\0b" is what comes behind "a".
        int nul = after.indexOf('\0');
        return new PageRequest(
                request.query("n").map(PageRequest::size).orElse(MAX_SIZE), nul < 0 ? after : after.substring(0, nul));
    }

    private static int size(String n) {
        boolean digits = !n.isEmpty() && n.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || n.length() > MAX_DIGITS) {
            throw new Unsupported("n is a number, 0 or more");
        }
        return (int) Math.min(MAX_SIZE, n.length() == MAX_DIGITS ? MAX_SIZE : Long.parseLong(n));
    }

    /** The Link header's value for the page behind this one: relative, with the same size (RFC 8288). */
    String next(String path, String last, List<String> otherParameters) {
        StringBuilder link =
                new StringBuilder("<").append(path).append("?last=").append(encoded(last));
        link.append("&n=").append(size);
        otherParameters.forEach(parameter -> link.append('&').append(parameter));
        return link.append(">; rel=\"next\"").toString();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
