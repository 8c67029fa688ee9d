package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.http.Scene.Cell;
import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RepositoryClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** History, undo, deletion and purge of the packaged program in secured mode, over HTTP as people use them. */
class UndoWalkIT {

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = new Scene("undo");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void overwrittenTagIsPutBackAndTheHistoryTellsIt() {
        Cell cell = scene.cell(Caller.PUSH);
        RepositoryClient web = pusher(cell);
        Image first = web.push("v1", ImageFactory.fresh().image());
        web.push("v1", ImageFactory.fresh().image());
        JsonNode moved = events(web).get(0);
        assertThat(moved.get("kind").asText()).isEqualTo("tag_moved");

        JsonNode undone = undo(managed(web), moved, "{\"why\":\"the build was broken\"}")
                .expect(200)
                .json();
        assertThat(undone.at("/events/0/undoes")).isEqualTo(moved.get("reference"));
        assertThat(undone.at("/events/0/why").asText()).isEqualTo("the build was broken");
        assertThat(web.get("manifests/v1").header("docker-content-digest")).isEqualTo(first.digest());
        assertThat(events(web).get(1).get("undoneBy")).isEqualTo(undone.at("/events/0/reference"));

        JsonNode problem = undo(managed(web), moved, "{}").expect(409).json();
        assertThat(problem.at("/conflicts/0/kind").asText()).isEqualTo("tag-elsewhere");
        assertThat(problem.at("/conflicts/0/now").asText()).isEqualTo(first.digest());
        assertThat(undo(managed(web), moved, "{\"why\":\"\"}")
                        .expect(400)
                        .json()
                        .get("field")
                        .asText())
                .isEqualTo("why");
    }

    @Test
    void repositoryGoesWithItsTokensAndComesBack() {
        Cell cell = scene.cell(Caller.OWNER);
        RepositoryClient web = pusher(cell);
        Image image = web.push("v1", ImageFactory.fresh().image());
        send(Caller.OWNER, "PATCH", managed(web), "{\"name\":\"" + web.name() + "2\"}")
                .expect(409);
        scene.client(Caller.OWNER)
                .request("DELETE", managed(web) + "?immutable-tags=maybe")
                .send()
                .expect(400);
        scene.client(Caller.OWNER)
                .request("DELETE", managed(web) + "?why=old")
                .send()
                .expect(204);

        assertThat(web.get("manifests/v1").status())
                .isEqualTo(scene.client(Caller.PUSH)
                        .repository(cell.organization() + "/never")
                        .get("manifests/v1")
                        .status());
        scene.client(Caller.OWNER).get(managed(web)).expect(404);
        String organization = "/api/v1/organizations/" + cell.organization() + "/";
        JsonNode deleted = scene.client(Caller.OWNER)
                .get(organization + "events?limit=1")
                .expect(200)
                .json()
                .at("/items/0");
        assertThat(deleted.get("kind").asText()).isEqualTo("repository_deleted");
        assertThat(deleted.get("repository").asText()).isEqualTo(web.name());
        assertThat(deleted.get("why").asText()).isEqualTo("old");

        undo(organization, deleted, "{}").expect(200);
        assertThat(web.get("manifests/v1").header("docker-content-digest")).isEqualTo(image.digest());
    }

    @Test
    void purgedManifestIsGoneWithItsBlobs() {
        Cell cell = scene.cell(Caller.OWNER);
        RepositoryClient web = pusher(cell);
        Image image = web.push("v1", ImageFactory.fresh().image());
        String body = "{\"digest\":\"%s\",\"reason\":\"a key was in it\"}".formatted(image.digest());

        send(Caller.OWNER, "POST", managed(web) + "purge", "{\"digest\":\"%s\"}".formatted(image.digest()))
                .expect(400);
        JsonNode purged = send(Caller.OWNER, "POST", managed(web) + "purge", body)
                .expect(200)
                .json();
        assertThat(purged.get("tags")).hasSize(1);
        assertThat(purged.get("blobs")).hasSize(3);
        assertThat(web.get("manifests/" + image.digest()).status()).isEqualTo(404);
        assertThat(web.get("blobs/" + image.blobs().getFirst().digest()).status())
                .isEqualTo(404);
        undo(managed(web), events(web).get(0), "{}").expect(409);
    }

    @Test
    void windowOfAnOrganizationIsSetWithinItsBounds() {
        Cell cell = scene.cell(Caller.OWNER);
        String path = "/api/v1/organizations/" + cell.organization();

        assertThat(send(Caller.OWNER, "PATCH", path, "{\"undoWindow\":\"P30D\"}")
                        .expect(200)
                        .json()
                        .get("undoWindow")
                        .asText())
                .isEqualTo("PT720H");
        for (String wrong : new String[] {"PT1H", "P366D", "-P2D", "7d", ""}) {
            send(Caller.OWNER, "PATCH", path, "{\"undoWindow\":\"" + wrong + "\"}")
                    .expect(400);
        }
        send(Caller.OWNER, "PATCH", path, "{\"defaultVisibility\":\"public\"}").expect(200);
        assertThat(scene.client(Caller.OWNER).get(path).json().get("undoWindow").asText())
                .isEqualTo("PT720H");
        assertThat(send(Caller.OWNER, "PATCH", path, "{\"undoWindow\":\"default\"}")
                        .expect(200)
                        .json()
                        .get("undoWindow")
                        .asText())
                .isEqualTo("PT168H");
    }

    private static RepositoryClient pusher(Cell cell) {
        return scene.client(Caller.PUSH).repository(cell.organization() + "/web");
    }

    private static String managed(RepositoryClient repository) {
        return "/api/v1/repositories/" + repository.name() + "/-/";
    }

    private static JsonNode events(RepositoryClient repository) {
        return scene.client(Caller.PULL)
                .get(managed(repository) + "events")
                .expect(200)
                .json()
                .get("items");
    }

    private static Answer undo(String path, JsonNode event, String body) {
        return send(
                Caller.OWNER, "POST", path + "events/" + event.get("reference").asText() + "/undo", body);
    }

    private static Answer send(Caller caller, String method, String path, String body) {
        return scene.client(caller)
                .request(method, path)
                .header("Content-Type", "application/json")
                .body(AuthorizationTable.bytes(body))
                .send();
    }
}
