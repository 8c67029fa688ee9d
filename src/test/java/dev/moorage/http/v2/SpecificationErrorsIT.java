package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Section;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What the specifications demand of every refusal.
 *
 * <table>
 * <caption>Demand and test</caption>
 * <tr><td>OCI, Error Codes: JSON MUST have the format, code MUST be of the list</td><td>everyRefusalIsWrittenAsTheSpecificationSays</td></tr>
 * <tr><td>Docker, Errors: 4xx have a JSON body</td><td>the same</td></tr>
 * <tr><td>OCI, API: HTTP semantics SHOULD be followed (RFC 9110)</td><td>aMethodThatIsNotThereIs405WithAllow, headIsGetWithoutTheBody</td></tr>
 * <tr><td>OCI main, 429 SHOULD have Retry-After</td><td>nothing answers 429 without access control</td></tr>
 * <tr><td>what real clients need: a connection outlives refusals</td><td>aConnectionOutlivesRefusedRequestsWithUnreadBodies</td></tr>
 * </table>
 */
class SpecificationErrorsIT {

    private static final Set<String> CODES = Set.of(
            "BLOB_UNKNOWN",
            "BLOB_UPLOAD_INVALID",
            "BLOB_UPLOAD_UNKNOWN",
            "DIGEST_INVALID",
            "MANIFEST_BLOB_UNKNOWN",
            "MANIFEST_INVALID",
            "MANIFEST_UNKNOWN",
            "NAME_INVALID",
            "NAME_UNKNOWN",
            "SIZE_INVALID",
            "UNAUTHORIZED",
            "DENIED",
            "UNSUPPORTED",
            "TOOMANYREQUESTS");

    private final RegistryClient registry = MoorageProcess.shared();
    private final RepositoryClient repository = registry.newRepository();
    private final ImageFactory images = ImageFactory.fresh();

    @Test
    @Section({"OCI: Error Codes", "Docker: Errors"})
    void everyRefusalIsWrittenAsTheSpecificationSays() {
        repository.push("v1", images.image());
        String absent = images.blob(3).digest();
        for (Answer answer : List.of(
                repository.get("blobs/" + absent),
                repository.get("blobs/nonsense"),
                repository.get("manifests/absent"),
                repository.get("referrers/nonsense"),
                repository.get("blobs/uploads/nonsense"),
                repository.get("tags/list?n=-1"),
                repository.get("unknown/thing"),
                repository.putManifest("v2", ImageFactory.OCI_MANIFEST, new byte[] {1}),
                registry.get("/v2/UPPER/tags/list"),
                registry.get("/v2/_catalog?n=x"),
                registry.request("DELETE", "/v2/").send(),
                registry.get("/v2/absent/absent/tags/list"))) {
            assertThat(answer.status()).as("%s", answer).isBetween(400, 499);
            assertThat(answer.header("content-type")).startsWith("application/json");
            JsonNode errors = answer.json().path("errors");
            assertThat(errors.isArray() && !errors.isEmpty()).as("%s", answer).isTrue();
            errors.forEach(error -> {
                assertThat(CODES).contains(error.path("code").asText());
                assertThat(error.path("message").asText()).as("%s", answer).isNotBlank();
            });
            assertThat(answer.text()).doesNotContain("Exception", "dev.moorage", "\tat ");
        }
    }

    @Test
    @Section({"OCI: API (RFC 9110, section 15.5.6)", "Docker: Not allowed"})
    void aMethodThatIsNotThereIs405WithAllow() {
        assertThat(registry.request("PUT", "/v2/_catalog")
                        .send()
                        .expectError(405, "UNSUPPORTED")
                        .elements("allow"))
                .contains("GET");
        assertThat(repository
                        .request("POST", "manifests/v1")
                        .send()
                        .expectError(405, "UNSUPPORTED")
                        .elements("allow"))
                .contains("GET", "HEAD", "PUT", "DELETE");
        assertThat(repository
                        .request("PUT", "blobs/" + images.blob(1).digest())
                        .send()
                        .expectError(405, "UNSUPPORTED")
                        .elements("allow"))
                .contains("GET", "HEAD", "DELETE");
        assertThat(repository
                        .request("DELETE", "tags/list")
                        .send()
                        .expectError(405, "UNSUPPORTED")
                        .elements("allow"))
                .contains("GET");
        assertThat(repository
                        .request("GET", "blobs/uploads/")
                        .send()
                        .expectError(405, "UNSUPPORTED")
                        .elements("allow"))
                .contains("POST");
        assertThat(repository
                        .request(
                                "POST",
                                repository
                                        .beginUpload()
                                        .substring(repository.path("").length()))
                        .send()
                        .expectError(405, "UNSUPPORTED")
                        .elements("allow"))
                .contains("GET", "PATCH", "PUT", "DELETE");
    }

    @Test
    @Section("OCI: API (RFC 9110, section 9.3.2)")
    void headIsGetWithoutTheBody() {
        ImageFactory.Image image = repository.push("v1", images.image());
        for (String path :
                List.of("manifests/v1", "blobs/" + image.blobs().getLast().digest())) {
            Answer get = repository.get(path).expect(200);
            Answer head = repository.head(path).expect(200);
            for (String name : List.of("content-length", "content-type", "docker-content-digest", "etag")) {
                assertThat(head.header(name)).as("%s of %s", name, path).isEqualTo(get.header(name));
            }
        }
    }

    @Test
    @Section("OCI: API (RFC 9112, section 9.3)")
    void aConnectionOutlivesRefusedRequestsWithUnreadBodies() {
        repository.push("v1", images.image());
        String length = "Content-Length: 300000";
        byte[] body = images.bytes(300_000);
        String unknown = repository.path("blobs/uploads/00000000-0000-4000-8000-000000000000");
        try (RawHttp raw = registry.raw()) {
            raw.head("PATCH", unknown, length).bytes(body).flush();
            raw.answer("PATCH").expect(404);
            raw.head("PUT", "/v2/UPPER/manifests/v1", length).bytes(body).flush();
            raw.answer("PUT").expect(400);
            raw.head("POST", repository.path("manifests/v1"), length)
                    .bytes(body)
                    .flush();
            raw.answer("POST").expect(405);
            raw.head("PUT", unknown + "?digest=md5:0", "Transfer-Encoding: chunked")
                    .chunk(body)
                    .lastChunk();
            assertThat(raw.answer("PUT").status()).isIn(400, 404);
            raw.head("GET", repository.path("manifests/v1"));
            raw.answer("GET").expect(200);
        }
    }

    @Test
    @Section("OCI: API (RFC 9112, section 9.6)")
    void aClientThatSendsALargeBodyToTheEndIsNotLeftHanging() {
        byte[] mebibyte = images.bytes(1 << 20);
        String location = repository.beginUpload();
        long begin = System.nanoTime();
        try (RawHttp raw = registry.raw()) {
            // Out of place, and refused long before its end; a plain client reads the answer only after its last byte.
            raw.head("PATCH", location, "Content-Range: 5-67108868", "Content-Length: 67108864");
            for (int i = 0; i < 64; i++) {
                raw.bytes(mebibyte);
            }
            raw.flush().answer("PATCH").expect(416);
        } catch (UncheckedIOException closedByTheServer) {
            assertThat(closedByTheServer).hasCauseInstanceOf(IOException.class);
        }
        assertThat(System.nanoTime() - begin).isLessThan(Duration.ofSeconds(25).toNanos());
        repository.status(location).expect(204);
    }

    @Test
    @Section("OCI: API (RFC 9112, section 9.3)")
    void aConnectionServesManyRequests() {
        try (RawHttp raw = registry.raw()) {
            for (int i = 0; i < 20; i++) {
                raw.head("GET", "/v2/");
                raw.answer("GET").expect(200);
                raw.head("HEAD", repository.path("manifests/absent"));
                raw.answer("HEAD").expect(404);
            }
        }
    }
}
