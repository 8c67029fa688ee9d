package dev.moorage.http.v2;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes what a client may encode in one part of a path (RFC 3986, section 2.1). */
final class Percent {

    private Percent() {}

    /** The decoded text; empty where the encoding is broken. A plus stays a plus: this is a path. */
    static Optional<String> decode(String text) {
        if (text.indexOf('%') < 0) {
            return Optional.of(text);
        }
        try {
            return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
