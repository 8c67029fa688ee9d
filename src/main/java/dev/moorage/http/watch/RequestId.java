package dev.moorage.http.watch;

import java.util.concurrent.ThreadLocalRandom;

/** What a request is called in its answer and in every line of the log about it. */
final class RequestId {

    /** The header of a request and of its answer. */
    static final String HEADER = "X-Request-Id";

    private static final int LONGEST = 64;

    private RequestId() {}

    /** The client's own, where it is of a form that can stand anywhere; else a new one. */
    static String of(String asked) {
        return asked != null && isWellFormed(asked) ? asked : made();
    }

    private static boolean isWellFormed(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed = (c >= '0' && c <= '9')
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || c == '-'
                    || c == '_'
                    || c == '.';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    private static String made() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        // No secret, and no two alike.
        return Long.toHexString(random.nextLong() | Long.MIN_VALUE)
                + Long.toHexString(random.nextLong() | Long.MIN_VALUE);
    }
}
