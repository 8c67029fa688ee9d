package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.http.Scene.Cell;
import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RepositoryClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quotas and immutability rules of the packaged program in secured mode, from the management API to the push that they refuse. */
class QuotasAndRulesIT {

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = new Scene("quotas");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void quotaThatIsSetIsShownWithItsUseAndHolds() {
        Cell cell = scene.cell(Caller.OWNER);
        String quota = path(cell) + "/quota";
        RepositoryClient web = pusher(cell, "web");
        web.pushBlob(ImageFactory.fresh().bytes(1000));
        pusher(cell, "api").pushBlob(ImageFactory.fresh().bytes(500));

        JsonNode before = get(Caller.PULL, quota);
        assertThat(before.get("quota").toString()).isEqualTo("{\"bytes\":null,\"repositories\":null}");
        JsonNode set = send(Caller.ADMINISTRATOR, "PUT", quota, "{\"bytes\":1600,\"repositories\":2}")
                .expect(200)
                .json();
        assertThat(set).isEqualTo(get(Caller.PULL, quota));
        assertThat(set.toString())
                .isEqualTo(
                        "{\"quota\":{\"bytes\":1600,\"repositories\":2},\"bytes\":1500,"
                                + "\"blobs\":{\"items\":2,\"bytes\":1500},\"manifests\":{\"items\":0,\"bytes\":0},\"repositories\":2}");

        byte[] more = ImageFactory.fresh().bytes(200);
        JsonNode detail = web.singlePost(ImageFactory.sha256(more), more)
                .expectError(403, "DENIED")
                .errorDetail();
        assertThat(detail.get("limit").asLong()).isEqualTo(1600);
        assertThat(detail.get("used").asLong()).isEqualTo(1500);
        pusher(cell, "third").begin().expectError(403, "DENIED");

        send(Caller.ADMINISTRATOR, "PUT", quota, "{\"bytes\":null,\"repositories\":null}")
                .expect(200);
        web.singlePost(ImageFactory.sha256(more), more).expect(201);
    }

    @Test
    void usageOfRepositoriesGoesFromPageToPage() {
        Cell cell = scene.cell(Caller.OWNER);
        byte[] shared = ImageFactory.fresh().bytes(700);
        for (String name : List.of("api", "web")) {
            pusher(cell, name).pushBlob(shared);
        }
        JsonNode first = get(Caller.PULL, path(cell) + "/usage?limit=1");
        assertThat(first.get("items").toString())
                .isEqualTo(
                        "[{\"repository\":\"%s/api\",\"blobs\":{\"items\":1,\"bytes\":700},\"manifests\":{\"items\":0,\"bytes\":0}}]"
                                .formatted(cell.organization()));
        JsonNode second = get(
                Caller.PULL,
                path(cell) + "/usage?limit=1&after=" + first.get("next").asText());
        assertThat(second.get("items").get(0).get("repository").asText()).isEqualTo(cell.organization() + "/web");
        assertThat(second.get("next").isNull()).isTrue();

        JsonNode one = get(Caller.PULL, "/api/v1/repositories/" + cell.organization() + "/web/-/usage");
        assertThat(one.get("shared").get("bytes").asLong()).isEqualTo(700);
        assertThat(get(Caller.PULL, path(cell) + "/quota").get("bytes").asLong())
                .isEqualTo(700);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes|{\"bytes\":-1,\"repositories\":1}",
                "repositories|{\"bytes\":1,\"repositories\":-1}",
                "bytes|{\"bytes\":1.5,\"repositories\":1}",
                "bytes|{\"bytes\":\"1\",\"repositories\":1}",
                "bytes|{\"bytes\":9223372036854775808,\"repositories\":1}",
                "repositories|{\"bytes\":1,\"repositories\":2147483648}",
                "repositories|{\"bytes\":1}",
                "bytes|{\"repositories\":1}",
                "used|{\"bytes\":1,\"repositories\":1,\"used\":0}"
            })
    void quotaThatIsNoneIsRefusedAndTheOldOneStays(String field, String body) {
        Cell cell = scene.cell(Caller.ADMINISTRATOR);
        String quota = path(cell) + "/quota";
        send(Caller.ADMINISTRATOR, "PUT", quota, "{\"bytes\":7,\"repositories\":3}")
                .expect(200);

        JsonNode problem =
                send(Caller.ADMINISTRATOR, "PUT", quota, body).expect(400).json();
        assertThat(problem.path("field").asText()).isEqualTo(field);
        assertThat(get(Caller.ADMINISTRATOR, quota).get("quota").toString())
                .isEqualTo("{\"bytes\":7,\"repositories\":3}");
    }

    @Test
    void ruleKeepsItsTagsUntilItIsLifted() {
        Cell cell = scene.cell(Caller.OWNER);
        RepositoryClient web = pusher(cell, "web");
        web.push("v1", ImageFactory.fresh().image());
        String own = "/api/v1/repositories/" + web.name() + "/-/immutability-rules";
        Answer made = send(Caller.OWNER, "POST", own, "{\"pattern\":\"v*\"}").expect(201);
        JsonNode rule = made.json();
        assertThat(made.header("location")).isEqualTo(own + "/" + rule.get("id"));
        assertThat(rule.get("repository").asText()).isEqualTo(web.name());
        send(Caller.OWNER, "POST", own, "{\"pattern\":\"v*\"}").expect(409);
        for (String pattern : List.of("", "-v", "v/1", "v".repeat(129))) {
            assertThat(send(Caller.OWNER, "POST", own, "{\"pattern\":\"" + pattern + "\"}")
                            .expect(400)
                            .json()
                            .get("field")
                            .asText())
                    .isEqualTo("pattern");
        }
        JsonNode whole = send(Caller.OWNER, "POST", path(cell) + "/immutability-rules", "{\"pattern\":\"rc-?\"}")
                .expect(201)
                .json();
        assertThat(whole.get("repository").isNull()).isTrue();
        assertThat(get(Caller.PULL, path(cell) + "/immutability-rules").get("items"))
                .containsExactlyInAnyOrder(rule, whole);
        boolean ruleComesFirst = rule.get("id").asLong() < whole.get("id").asLong();
        JsonNode first = ruleComesFirst ? rule : whole;
        assertThat(get(Caller.PULL, own + "?limit=1").get("items")).containsExactly(first);
        assertThat(get(Caller.PULL, own + "?limit=1&after=" + first.get("id")).get("items"))
                .containsExactly(ruleComesFirst ? whole : rule);

        Image other = ImageFactory.fresh().image();
        web.pushBlobs(other);
        web.put("v1", other.manifest()).expectError(403, "DENIED");
        send(Caller.OWNER, "DELETE", own + "/" + whole.get("id")).expect(404);
        send(Caller.OWNER, "DELETE", made.header("location")).expect(204);
        send(Caller.OWNER, "DELETE", made.header("location")).expect(404);
        web.put("v1", other.manifest()).expect(201);
    }

    @Test
    void descriptionHasTheirPathsAndPages() {
        JsonNode paths = get(Caller.NONE, "/api/v1/openapi?format=json").get("paths");

        assertThat(paths.at("/~1api~1v1~1organizations~1{organization}~1quota").has("put"))
                .isTrue();
        for (String list : List.of(
                "/~1api~1v1~1organizations~1{organization}~1usage",
                "/~1api~1v1~1organizations~1{organization}~1immutability-rules",
                "/~1api~1v1~1repositories~1{name}~1-~1immutability-rules")) {
            assertThat(paths.at(list).at("/get/parameters").findValuesAsText("name"))
                    .as(list)
                    .contains("after", "limit");
        }
    }

    private static String path(Cell cell) {
        return "/api/v1/organizations/" + cell.organization();
    }

    private static RepositoryClient pusher(Cell cell, String name) {
        return scene.client(Caller.PUSH).repository(cell.organization() + "/" + name);
    }

    private static JsonNode get(Caller caller, String path) {
        return scene.client(caller).get(path).expect(200).json();
    }

    private static Answer send(Caller caller, String method, String path) {
        return scene.client(caller).request(method, path).send();
    }

    private static Answer send(Caller caller, String method, String path, String body) {
        return scene.client(caller)
                .request(method, path)
                .header("Content-Type", "application/json")
                .body(AuthorizationTable.bytes(body))
                .send();
    }
}
