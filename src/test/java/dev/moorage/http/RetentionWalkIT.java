package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.http.Scene.Cell;
import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RepositoryClient;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies, runs and their undo in the packaged program over HTTP, and bodies that are none. */
class RetentionWalkIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = new Scene("retention");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void runIsUndoneByOneCall() {
        Cell cell = scene.cell(Caller.OWNER);
        RepositoryClient web = pusher(cell);
        Image image = web.push("v1", ImageFactory.fresh().image());
        String retention = path(web);
        send("PUT", retention, "{\"rules\":[{\"rule\":\"keep-newer\",\"age\":\"PT0S\"}]}")
                .expect(200);
        JsonNode run = done(retention, send("POST", retention + "/run", "{}"));
        assertThat(run.at("/run/deleted").asInt()).isOne();
        web.get("manifests/v1").expect(404);

        Answer made = send(
                "POST",
                retention + "/runs/" + run.at("/run/id").asText() + "/undo",
                "{\"why\":\"the policy was wrong\"}");

        JsonNode undo = done(retention, made);
        assertThat(undo.at("/run/kind").asText()).isEqualTo("undo");
        assertThat(undo.at("/run/undoes")).isEqualTo(run.at("/run/id"));
        assertThat(undo.at("/run/undone").asInt()).isOne();
        assertThat(undo.at("/decisions/items").size()).isZero();
        assertThat(web.get("manifests/v1").header("docker-content-digest")).isEqualTo(image.digest());
        JsonNode told = scene.client(Caller.OWNER)
                .get(made.header("location"))
                .expect(200)
                .json();
        assertThat(told).isEqualTo(undo);
        JsonNode event = scene.client(Caller.OWNER)
                .get("/api/v1/repositories/" + web.name() + "/-/events?limit=1")
                .expect(200)
                .json();
        assertThat(event.at("/items/0/why").asText()).isEqualTo("the policy was wrong");
        assertThat(event.at("/items/0/request")).isEqualTo(undo.at("/run/group"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules|{}",
                "rules|{\"rules\":null}",
                "rules|{\"rules\":{}}",
                "rules.0|{\"rules\":[null]}",
                "rules.0.rule|{\"rules\":[{\"rule\":\"keep-all\"}]}",
                "rules.0.rule|{\"rules\":[{\"count\":1}]}",
                "rules.0.count|{\"rules\":[{\"rule\":\"keep-latest\"}]}",
                "rules.0.count|{\"rules\":[{\"rule\":\"keep-latest\",\"count\":0}]}",
                "rules.0.count|{\"rules\":[{\"rule\":\"keep-latest\",\"count\":1001}]}",
                "rules.0.count|{\"rules\":[{\"rule\":\"keep-latest\",\"count\":1.5}]}",
                "rules.0.age|{\"rules\":[{\"rule\":\"keep-latest\",\"count\":1,\"age\":\"P1D\"}]}",
                "rules.0.age|{\"rules\":[{\"rule\":\"keep-newer\"}]}",
                "rules.0.age|{\"rules\":[{\"rule\":\"keep-newer\",\"age\":\"a week\"}]}",
                "rules.0.age|{\"rules\":[{\"rule\":\"keep-newer\",\"age\":\"-P1D\"}]}",
                "rules.0.age|{\"rules\":[{\"rule\":\"keep-newer\",\"age\":\"PT0.5S\"}]}",
                "rules.0.age|{\"rules\":[{\"rule\":\"keep-pulled\",\"age\":\"P36501D\"}]}",
                "rules.0.tags|{\"rules\":[{\"rule\":\"keep-matching\",\"tags\":[]}]}",
                "rules.0.tags|{\"rules\":[{\"rule\":\"keep-matching\",\"tags\":[\"a/b\"]}]}",
                "rules.0.tags|{\"rules\":[{\"rule\":\"delete-untagged\",\"age\":\"P1D\",\"tags\":[\"v*\"]}]}",
                "rules.0.repositories|{\"rules\":[{\"rule\":\"keep-matching\",\"repositories\":[\"A B\"]}]}",
                "rules.0.keep|{\"rules\":[{\"rule\":\"keep-matching\",\"keep\":1}]}",
                "rules|{\"rules\":[{\"rule\":\"keep-matching\",\"repositories\":[\"other/*\"]}]}",
                "schedule|{\"rules\":[],\"schedule\":{}}",
                "schedule|{\"rules\":[],\"schedule\":{\"every\":\"PT24H\",\"dailyAt\":\"03:30\"}}",
                "schedule|{\"rules\":[],\"schedule\":{\"every\":\"PT59M\"}}",
                "schedule|{\"rules\":[],\"schedule\":{\"every\":\"P367D\"}}",
                "schedule|{\"rules\":[],\"schedule\":{\"dailyAt\":\"25:00\"}}",
                "keep|{\"rules\":[],\"keep\":1}"
            })
    void policyThatIsNoneIsRefusedAndTheOldOneStays(String field, String body) {
        RepositoryClient web = kept(scene.cell(Caller.OWNER));
        JsonNode before = get(path(web));

        refused(send("PUT", path(web), body), 400, field);

        assertThat(get(path(web))).isEqualTo(before);
        web.get("manifests/v1").expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{", "{}{}", "{\"all\":true}"})
    void runWithABodyThatIsNoneTakesNothingAway(String body) {
        RepositoryClient web = kept(scene.cell(Caller.OWNER));

        send("POST", path(web) + "/run", body).expect(400);

        assertThat(get(path(web) + "/runs").get("items").size()).isZero();
        web.get("manifests/v1").expect(200);
    }

    @Test
    void whatIsAskedInAnotherFormIsRefusedByItsName() {
        RepositoryClient web = kept(scene.cell(Caller.OWNER));
        String run = send("POST", path(web) + "/run", "{}")
                .expect(201)
                .json()
                .at("/run/id")
                .asText();
        String undo = path(web) + "/runs/" + run + "/undo";

        refused(send("POST", undo, "{\"why\":\"\"}"), 400, "why");
        refused(send("POST", undo, "{\"why\":\"two\\nlines\"}"), 400, "why");
        refused(send("POST", undo, "{\"because\":\"\"}"), 400, "because");
        send("POST", path(web) + "/runs/" + UUID.randomUUID() + "/undo", "{}").expect(404);
        send("POST", path(web) + "/runs/1/undo", "{}").expect(404);
        refused(scene.client(Caller.OWNER).get(path(web) + "/runs/" + run + "?verdict=maybe"), 400, "verdict");
        refused(scene.client(Caller.OWNER).get(path(web) + "/runs/" + run + "?limit=0"), 400, "limit");
        refused(
                send("POST", path(web) + "/preview", "{\"rules\":[{\"rule\":\"keep-latest\",\"count\":-1}]}"),
                400,
                "rules.0.count");
        scene.client(Caller.OWNER)
                .request("POST", path(web) + "/run")
                .header("Content-Type", "text/plain")
                .body(AuthorizationTable.bytes("{}"))
                .send()
                .expect(415);
        send("POST", path(web) + "/preview", "{\"rules\":[" + " ".repeat(65_536) + "]}")
                .expect(413);
        assertThat(get(path(web) + "/runs").get("items").size()).isOne();
        web.get("manifests/v1").expect(200);
    }

    /** What began, at its end: where housekeeping took it up before the request did, the answer comes earlier. */
    private static JsonNode done(String retention, Answer made) {
        JsonNode begun = made.expect(201).json();
        JsonNode ended = Await.value(LIMIT, "the end of a run", () -> Optional.of(
                        get(retention + "/runs/" + begun.at("/run/id").asText()))
                .filter(told -> told.at("/run/finishedAt").isTextual()));
        assertThat(ended.at("/run/state").asText()).isEqualTo("done");
        if (begun.at("/run/finishedAt").isTextual()) {
            assertThat(begun).isEqualTo(ended);
        }
        return ended;
    }

    /** A repository with a tag and a policy that keeps it. */
    private static RepositoryClient kept(Cell cell) {
        RepositoryClient web = pusher(cell);
        web.push("v1", ImageFactory.fresh().image());
        send("PUT", path(web), "{\"rules\":[{\"rule\":\"keep-matching\"}],\"schedule\":{\"every\":\"PT24H\"}}")
                .expect(200);
        return web;
    }

    private static void refused(Answer answer, int status, String field) {
        JsonNode problem = answer.expect(status).json();
        assertThat(answer.header("content-type")).startsWith("application/problem+json");
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("detail").asText()).isNotEmpty();
        assertThat(problem.path("field").asText()).isEqualTo(field);
    }

    private static String path(RepositoryClient web) {
        return "/api/v1/repositories/" + web.name() + "/-/retention";
    }

    private static RepositoryClient pusher(Cell cell) {
        return scene.client(Caller.PUSH).repository(cell.organization() + "/web");
    }

    private static JsonNode get(String path) {
        return scene.client(Caller.OWNER).get(path).expect(200).json();
    }

    private static Answer send(String method, String path, String body) {
        return scene.client(Caller.OWNER)
                .request(method, path)
                .header("Content-Type", "application/json")
                .body(AuthorizationTable.bytes(body))
                .send();
    }
}
