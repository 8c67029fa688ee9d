package dev.moorage.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Turns a host's name into those of its addresses that a call may go to.
 *
 * <p>The client connects to what is answered here and asks nobody again, so a name that stands for something else a moment
 * later changes nothing.
 */
final class CheckedNames implements DnsResolver {

    private final Names names;
    private final Predicate<InetAddress> allowed;

    CheckedNames(Names names, Predicate<InetAddress> allowed) {
        this.names = names;
        this.allowed = allowed;
    }

    /** Who knows what names stand for. */
    @FunctionalInterface
    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** None of the addresses may be called. */
    static final class Forbidden extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        Forbidden() {
            super("an address that is not public");
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = Stream.of(names.addresses(host)).filter(allowed).toArray(InetAddress[]::new);
        if (found.length == 0) {
            throw new Forbidden();
        }
        return found;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
