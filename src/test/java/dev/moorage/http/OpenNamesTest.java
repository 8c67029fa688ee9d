package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names open a registry that asks nobody who he is. */
class OpenNamesTest {

    private final OpenNames names = new OpenNames(
            List.of(URI.create("https://Registry.example:8443"), URI.create("http://[2001:db8::7]:5000")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost", "LOCALHOST:5000", "localhost.", "localhost.:5000", "127.0.0.1", "127.0.0.1:5000",
                "127.9.9.9:1", "[::1]", "[::1]:5000", "[0:0:0:0:0:0:0:1]:5000", "::1", "10.1.2.3:5000",
                "registry.example", "REGISTRY.EXAMPLE.:443", " registry.example:8443 ", "[2001:DB8::7]:5000"
            })
    void ownNamesAreServed(String host) {
        assertThat(names.allow(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":5000",
                "evil.example",
                "evil.example:5000",
                "localhost.evil.example",
                "localhost..",
                "xlocalhost",
                "127.0.0.1.evil.example",
                "127.0.0.1.evil.example:5000",
                "[::1",
                "[evil.example]:5000",
                "localhost@evil",
                "evil.example/localhost",
                "registry.example.evil",
                "[::1%lo]",
                "a:b:c"
            })
    void allOthersAreNot(String host) {
        assertThat(names.allow(host)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:5000, 127.0.0.1:5000, true",
        "http://LocalHost:5000, localhost:5000, true",
        "http://[::1]:5000, [::1]:5000, true",
        "https://registry.example, 127.0.0.1:5000, true",
        "http://localhost:3000, localhost:5000, false",
        "http://localhost:5000, 127.0.0.1:5000, false",
        "https://evil.example, 127.0.0.1:5000, false",
        "null, 127.0.0.1:5000, false",
        "'', 127.0.0.1:5000, false",
        "http://127.0.0.1:5001, 127.0.0.1:5000, false"
    })
    void pageOfAnotherPlaceChangesNothing(String origin, String host, boolean allowed) {
        assertThat(names.allowOrigin(origin, host)).isEqualTo(allowed);
    }
}
