package dev.moorage.name;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * A part of the address space: all addresses that begin with the same bits (RFC 4632, section 3.1; RFC 4291, section 2.3).
 *
 * @param address the first of them
 * @param bits how many bits they share
 */
public record Network(InetAddress address, int bits) {

    private static final int IPV6_BYTES = 16;
    private static final int MAPPED_PREFIX = 12;

    /** Refuses what is no network. */
    public Network {
        if (!isNetwork(address.getAddress(), bits)) {
            throw new IllegalArgumentException("not a network");
        }
    }

    /** Reads {@code 10.0.0.0/8}, {@code fd00::/8} or a single address; empty where the text is none of them. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        if (literal.isEmpty() || literal.indexOf('%') >= 0) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.ofLiteral(literal);
            byte[] bytes = address.getAddress();
            int bits = slash < 0 ? bytes.length * Byte.SIZE : Integer.parseInt(text, slash + 1, text.length(), 10);
            return isNetwork(bytes, bits) ? Optional.of(new Network(address, bits)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Whether an address lies in here; one of IPv4 does in either of its forms. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] others = plain(other.getAddress());
        return mine.length == others.length && Arrays.equals(mine, first(others, bits));
    }

    /** An address of IPv4 that is written as one of IPv6 is that of IPv4 (RFC 4291, section 2.5.5.2). */
    private static byte[] plain(byte[] bytes) {
        boolean mapped = bytes.length == IPV6_BYTES
                && bytes[MAPPED_PREFIX - 1] == -1
                && bytes[MAPPED_PREFIX - 2] == -1
                && Arrays.equals(bytes, 0, MAPPED_PREFIX - 2, new byte[MAPPED_PREFIX - 2], 0, MAPPED_PREFIX - 2);
        return mapped ? Arrays.copyOfRange(bytes, MAPPED_PREFIX, IPV6_BYTES) : bytes;
    }

    private static boolean isNetwork(byte[] bytes, int bits) {
        return bits >= 0 && bits <= bytes.length * Byte.SIZE && Arrays.equals(bytes, first(bytes, bits));
    }

    /** So many bits of an address, and zeros. */
    private static byte[] first(byte[] bytes, int bits) {
        byte[] first = new byte[bytes.length];
        int whole = bits / Byte.SIZE;
        System.arraycopy(bytes, 0, first, 0, whole);
        if (whole < bytes.length) {
            first[whole] = (byte) (bytes[whole] & (0xff00 >> bits % Byte.SIZE));
        }
        return first;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + '/' + bits;
    }
}
