package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.TestSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

    private final ClientAddress addresses = new ClientAddress(
            TestSettings.with(Map.of("moorage.http.trusted-proxies", "10.0.0.0/8,2001:db8:ffff::/48")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // A stranger may write what he likes.
                "192.0.2.7          | 203.0.113.9                          | 192.0.2.7",
                "10.0.0.1           | 203.0.113.9                          | 203.0.113.9",
                // What the client itself wrote stands to the left of what the proxy added.
                "10.0.0.1           | 10.0.0.2, 203.0.113.9                | 203.0.113.9",
                "10.0.0.1           | 198.51.100.1, 203.0.113.9, 10.0.0.2  | 203.0.113.9",
                "10.0.0.1           | 10.0.0.3,10.0.0.2                    | 10.0.0.3",
                "2001:db8:ffff::1   | 2001:db8::7                          | 2001:db8:0:0:0:0:0:7",
                "10.0.0.1           | 203.0.113.9:4711                     | 203.0.113.9",
                "10.0.0.1           | [2001:db8::7]:4711                   | 2001:db8:0:0:0:0:0:7",
                // No address ends the way: the proxy itself is what is known.
                "10.0.0.1           | 203.0.113.9, unknown                 | 10.0.0.1",
                "10.0.0.1           | 203.0.113.9, localhost               | 10.0.0.1",
                "10.0.0.1           | 203.0.113.9,                         | 10.0.0.1",
                "''                 | 203.0.113.9                          | ''"
            })
    void addressIsTheLastOneThatATrustedProxyHasSeen(String peer, String forwardedFor, String client) {
        assertThat(addresses.client(peer, List.of(forwardedFor))).isEqualTo(client);
    }

    @Test
    void headersInSeveralLinesAreOneList() {
        assertThat(addresses.client("10.0.0.1", List.of("203.0.113.9", "10.0.0.2")))
                .isEqualTo("203.0.113.9");
        assertThat(addresses.client("10.0.0.1", List.of())).isEqualTo("10.0.0.1");
    }
}
