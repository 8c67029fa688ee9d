package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry that asks nobody who he is, and pages in the browser of whoever runs it. */
class OpenModeIT {

    private static final RegistryClient REGISTRY = MoorageProcess.shared();

    @ParameterizedTest
    @CsvSource({
        "GET, /v2/, application/json",
        "GET, /v2/acme/web/tags/list, application/json",
        "POST, /v2/acme/web/blobs/uploads/, application/json",
        "GET, /v2/../x, application/json",
        "GET, /auth/keys, application/json",
        "GET, /v1/_ping, application/json",
        "GET, /api/v1/organizations, application/problem+json",
        "GET, /api/v1/repositories/acme/web/-/, application/problem+json",
        "POST, /api/v1/accounts, application/problem+json"
    })
    void pageWhoseNameWasMadeToPointHereIsServedNothing(String method, String path, String type) {
        Answer refused = send(method, path, "Host: evil.example:5000");

        assertThat(refused.status()).isEqualTo(421);
        assertThat(refused.header("content-type")).startsWith(type);
        assertThat(refused.text()).contains("moorage.http.hosts").doesNotContain("evil");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost:5000",
                "Host: LOCALHOST",
                "Host: localhost.:5000",
                "Host: 127.8.0.1:80",
                "Host: [::1]:5000",
                "Host: [0:0:0:0:0:0:0:1]"
            })
    void ownNamesAreServed(String host) {
        assertThat(send("GET", "/v2/", host).status()).isEqualTo(200);
        assertThat(send("GET", "/api/v1/organizations", host).status()).isEqualTo(200);
    }

    @Test
    void oldClientIsServedWhereItNamesAHostAndToldSoWhereItNamesNone() {
        assertThat(raw("GET", "GET /v2/ HTTP/1.0\r\nHost: localhost\r\n\r\n").status())
                .isEqualTo(200);
        assertThat(raw("GET", "GET /v2/ HTTP/1.0\r\n\r\n").status()).isEqualTo(421);
    }

    @Test
    void secondNameIsLookedAtToo() {
        assertThat(send("GET", "/v2/", "Host: localhost:5000\r\nHost: evil.example")
                        .status())
                .isGreaterThanOrEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "Origin: null",
                "Sec-Fetch-Site: cross-site",
                "Origin: http://127.0.0.1:1"
            })
    void pageOfAnotherSiteChangesNothing(String header) {
        String own = "Host: 127.0.0.1:5000\r\n" + header;
        String name = "o" + UUID.randomUUID().toString().substring(0, 8);

        Answer refused = post(own, name);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("content-type")).startsWith("application/problem+json");
        assertThat(send("POST", "/v2/" + name + "/web/blobs/uploads/", own + "\r\nContent-Length: 0")
                        .status())
                .isEqualTo(403);
        assertThat(send("GET", "/api/v1/organizations/" + name, "Host: 127.0.0.1:5000")
                        .status())
                .as("nothing was made")
                .isEqualTo(404);
        assertThat(send("GET", "/v2/", own).status())
                .as("reads show a page nothing")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://127.0.0.1:5000",
                "Origin: http://127.0.0.1:5000\r\nSec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: none",
                "X-None: 1"
            })
    void ownPageAndProgramsDo(String header) {
        String name = "o" + UUID.randomUUID().toString().substring(0, 8);

        assertThat(post("Host: 127.0.0.1:5000\r\n" + header, name).status()).isEqualTo(201);
    }

    private static Answer post(String headers, String organization) {
        String body = "{\"name\":\"" + organization + "\"}";
        return raw(
                "POST",
                "POST /api/v1/organizations HTTP/1.1\r\n%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(headers, body.length(), body));
    }

    private static Answer send(String method, String path, String headers) {
        return raw(method, "%s %s HTTP/1.1\r\n%s\r\n\r\n".formatted(method, path, headers));
    }

    private static Answer raw(String method, String request) {
        try (RawHttp http = RawHttp.connect(REGISTRY.base())) {
            return http.bytes(request.getBytes(StandardCharsets.UTF_8)).flush().answer(method);
        }
    }
}
