package dev.moorage.http.ui;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Something that is said of an image.
 *
 * @param name what it is called
 * @param value what is said
 * @param link where it leads, if it is an address of the web
 */
record Fact(String name, String value, Optional<String> link) {

    static Fact of(String name, String value) {
        return new Fact(name, value, link(value));
    }

    /** Only addresses of the web: whatever else a browser would do for an address is up to whoever wrote it. */
    static Optional<String> link(String text) {
        try {
            URI address = new URI(text.strip());
            String scheme = address.getScheme();
            boolean web = "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
            return web && address.getHost() != null ? Optional.of(address.toASCIIString()) : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }
}
