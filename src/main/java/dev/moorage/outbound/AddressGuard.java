package dev.moorage.outbound;

import dev.moorage.name.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses the registry may be sent to by what others write down: those of the public internet, and those that the
 * operator named.
 *
 * @param named the networks that the operator named
 */
record AddressGuard(List<Network> named) {

    private static final Network VERSION_FOUR = networks("0.0.0.0/0").getFirst();

    /** Of IPv4 all but this is public (IANA's registry of special-purpose addresses; clouds' own services). */
    private static final List<Network> NOT_PUBLIC = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            // Multicast, and all behind it.
            "224.0.0.0/3",
            // A cloud's service for its own machines, among public addresses.
            "168.63.129.16/32");

    /** Of IPv6 only this is public: not the machine, its link, its site, nor an address of IPv4 in another form. */
    private static final Network PUBLIC = networks("2000::/3").getFirst();

    /** And of that not tunnels, which lead to an address of IPv4, nor what is set aside. */
    private static final List<Network> NOT_PUBLIC_EITHER =
            networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    /** Keeps its own copy. */
    AddressGuard {
        named = List.copyOf(named);
    }

    /** Whether a call may go there. */
    boolean allows(InetAddress address) {
        return isNamed(address) || isPublic(address);
    }

    /** Whether the operator named it: a call may go there without TLS too. */
    boolean isNamed(InetAddress address) {
        return holds(named, address);
    }

    private static boolean isPublic(InetAddress address) {
        return VERSION_FOUR.contains(address)
                ? !holds(NOT_PUBLIC, address)
                : PUBLIC.contains(address) && !holds(NOT_PUBLIC_EITHER, address);
    }

    private static boolean holds(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static List<Network> networks(String... texts) {
        return Stream.of(texts).map(text -> Network.parse(text).orElseThrow()).toList();
    }
}
