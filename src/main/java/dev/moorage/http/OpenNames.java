package dev.moorage.http;

import dev.moorage.name.Network;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * By which names the registry is called in open mode, where whoever reaches it may do everything.
 *
 * <p>A page of a browser can have its own name point to this machine a moment after it was loaded, and then calls what
 * listens here as if it were its own server; the name that it calls gives it away. Digits are nobody's name: they point
 * where they say.
 */
final class OpenNames {

    private static final String LOOPBACK = "localhost";

    private final Set<String> names;

    /** Those of the machine itself, and of addresses that the settings name. */
    OpenNames(List<URI> hosts) {
        this.names = Stream.concat(Stream.of(LOOPBACK), hosts.stream().map(host -> bare(host.getRawAuthority())))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a request may name this in its {@code Host}, with a port or without (RFC 9110, section 7.2). */
    boolean allow(String host) {
        String bare = bare(host);
        return names.contains(bare) || Network.address(bare).isPresent();
    }

    /**
     * Whether a page of this origin may change something (RFC 6454, section 7): one that came from where it sends to, or by a
     * name of the settings, which a proxy may have replaced.
     */
    boolean allowOrigin(String origin, String host) {
        int scheme = origin.indexOf("://");
        if (scheme < 0) {
            return false;
        }
        String authority = origin.substring(scheme + 3);
        String bare = bare(authority);
        return authority.equalsIgnoreCase(host) || (names.contains(bare) && !bare.equals(LOOPBACK));
    }

    /** A name in lower case without port, brackets and the dot of the root. */
    private static String bare(String host) {
        String text = host.strip().toLowerCase(Locale.ROOT);
        int bracket = text.indexOf(']');
        if (text.startsWith("[") && bracket > 0) {
            return text.substring(1, bracket);
        }
        int colon = text.indexOf(':');
        String name = colon < 0 || colon != text.lastIndexOf(':') ? text : text.substring(0, colon);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
