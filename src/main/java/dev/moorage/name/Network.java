package dev.moorage.name;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * The addresses that begin with the same bits (RFC 4632, section 3.1; RFC 4291, section 2.3).
 *
 * @param first the first of them: all further bits are zero
 * @param bits how many bits they have in common
 */
public record Network(InetAddress first, int bits) {

    private static final int OF_IPV6_CLIENTS = 64;

    /** Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address; empty where it is none, or names bits behind its length. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        return address(slash < 0 ? text : text.substring(0, slash)).flatMap(address -> {
            int all = address.getAddress().length * Byte.SIZE;
            int bits = slash < 0 ? all : number(text.substring(slash + 1));
            return bits < 0 || bits > all
                    ? Optional.empty()
                    : Optional.of(of(address, bits)).filter(network -> network.first.equals(address));
        });
    }

    /** Of a client's address what is his alone: one of IPv4, and of IPv6 the 64 bits that he has every address of. */
    public static Network ofClient(InetAddress address) {
        return of(address, address instanceof Inet6Address ? OF_IPV6_CLIENTS : Integer.SIZE);
    }

    /** Reads an address as digits; empty where it is none or names a scope, and no name is ever looked up. */
    public static Optional<InetAddress> address(String text) {
        try {
            return text.indexOf('%') >= 0 ? Optional.empty() : Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Whether an address is one of them. */
    public boolean contains(InetAddress address) {
        return address.getAddress().length == first.getAddress().length
                && of(address, bits).first.equals(first);
    }

    private static Network of(InetAddress address, int bits) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(bits - (long) i * Byte.SIZE, 0, Byte.SIZE);
            bytes[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        try {
            return new Network(InetAddress.getByAddress(bytes), bits);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int number(String text) {
        return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
    }

    @Override
    public String toString() {
        return first.getHostAddress() + '/' + bits;
    }
}
