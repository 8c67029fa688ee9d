package dev.moorage.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, a00::, false",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fc00::1, false",
        "fe80::/10, febf::1, true",
        "fe80::/10, fec0::1, false",
        "::/0, 127.0.0.1, false",
        "::1, ::1, true"
    })
    void networkContainsWhatBeginsWithItsBits(String network, String address, boolean contained) {
        assertThat(Network.parse(network).orElseThrow().contains(InetAddress.ofLiteral(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.1/8",
                "fd00::1/8",
                "fd00::/129",
                "localhost",
                "example.com/8",
                "fe80::1%lo",
                "10.0.0.0/ 8",
                " 10.0.0.0/8"
            })
    void textThatIsNoNetworkIsNone(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }

    @Property
    void theWholeAddressIsInItsOwnNetworkAndOneOtherBitIsOutside(
            @ForAll @Size(16) byte[] bytes, @ForAll @IntRange(min = 1, max = 128) int bits)
            throws UnknownHostException {
        bytes[0] |= 1;
        BigInteger all = new BigInteger(1, bytes);
        BigInteger first = all.shiftRight(128 - bits).shiftLeft(128 - bits);
        Network network =
                Network.parse(address(first).getHostAddress() + '/' + bits).orElseThrow();

        assertThat(network.contains(address(all))).isTrue();
        assertThat(network.contains(address(all.flipBit(128 - bits)))).isFalse();
    }

    @Test
    void clientsNetworkIsOneAddressOfIpv4AndSixtyFourBitsOfIpv6() {
        assertThat(Network.ofClient(InetAddress.ofLiteral("192.0.2.7"))).hasToString("192.0.2.7/32");
        assertThat(Network.ofClient(InetAddress.ofLiteral("2001:db8:1:2:3:4:5:6")))
                .isEqualTo(Network.ofClient(InetAddress.ofLiteral("2001:db8:1:2:ffff::")))
                .isNotEqualTo(Network.ofClient(InetAddress.ofLiteral("2001:db8:1:3:3:4:5:6")));
        assertThat(Network.ofClient(InetAddress.ofLiteral("::ffff:192.0.2.7")))
                .isEqualTo(Network.ofClient(InetAddress.ofLiteral("192.0.2.7")));
    }

    private static InetAddress address(BigInteger value) throws UnknownHostException {
        byte[] bytes = new byte[16];
        byte[] digits = value.toByteArray();
        int length = Math.min(digits.length, 16);
        System.arraycopy(digits, digits.length - length, bytes, 16 - length, length);
        return InetAddress.getByAddress(bytes);
    }
}
