package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.http.Scene.Cell;
import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of tags, of images and of what became of tags, and searches, of the packaged program in secured mode. */
class ListsIT {

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = new Scene("lists");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void tagsAreListedWithWhatTheyNameAndTheirHistoryFromPageToPage() {
        Cell cell = scene.cell(Caller.PUSH);
        RepositoryClient web = pusher(cell, "web");
        Image first = web.push("v1", ImageFactory.fresh().image());
        Image second = web.push("v1", ImageFactory.fresh().image());
        web.push("other", ImageFactory.fresh().image());
        String tags = managed(web) + "tags";

        JsonNode page = get(Caller.PULL, tags + "?sort=-pushed&limit=1");
        assertThat(page.at("/items/0/name").asText()).isEqualTo("other");
        page = get(Caller.PULL, tags + "?sort=-pushed&limit=1&after=" + encoded(page));
        assertThat(page.at("/items/0/name").asText()).isEqualTo("v1");
        assertThat(page.at("/items/0/digest").asText()).isEqualTo(second.digest());
        assertThat(page.at("/items/0/platforms/0").asText()).isEqualTo("linux/amd64");
        assertThat(page.get("next").isNull()).isTrue();
        assertThat(get(Caller.PULL, tags + "?name=v*").get("items")).hasSize(1);
        assertThat(get(Caller.PULL, tags + "/v1").get("digest").asText()).isEqualTo(second.digest());

        JsonNode moves = get(Caller.PULL, tags + "/v1/history?limit=1");
        assertThat(moves.at("/items/0/kind").asText()).isEqualTo("tag-moved");
        assertThat(moves.at("/items/0/by").asText()).isEqualTo("the-push");
        assertThat(moves.at("/items/0/address").isNull()).isTrue();
        assertThat(moves.at("/items/0/from").toString())
                .isEqualTo("{\"digest\":\"" + first.digest() + "\",\"pullable\":true}");
        JsonNode whole = get(Caller.MAINTAINER, tags + "/v1/history?limit=1&after=" + encoded(moves));
        assertThat(whole.at("/items/0/kind").asText()).isEqualTo("tag-created");
        assertThat(whole.at("/items/0/address").asText()).isEqualTo("127.0.0.1");
        assertThat(whole.get("next").isNull()).isTrue();
        // What the tag named before is pulled on by its digest.
        web.get("manifests/" + first.digest()).expect(200);
        assertThat(moves.toString()).doesNotContain("\"id\":");
    }

    @Test
    void pullIsCountedSecondsLaterAndAQuestionIsNot() {
        Cell cell = scene.cell(Caller.PUSH);
        RepositoryClient web = pusher(cell, "web");
        Image image = web.push("v1", ImageFactory.fresh().image());
        web.head("manifests/v1").expect(200);
        web.get("manifests/v1").expect(200);
        web.get("manifests/" + image.digest()).expect(200);
        String tag = managed(web) + "tags/v1";

        Await.until(
                Duration.ofSeconds(60),
                "the count of pulls",
                () -> get(Caller.PULL, tag).get("pulls").asInt() == 2);
        assertThat(get(Caller.PULL, tag).get("lastPulledAt").isNull()).isFalse();
    }

    @Test
    void imagesOfAllRepositoriesAreListedForThoseWhoMayPullThem() {
        Cell cell = scene.cell(Caller.PUSH);
        Image web = pusher(cell, "web").push("v1", ImageFactory.fresh().image());
        Image api = pusher(cell, "api").push("v1", ImageFactory.fresh().image());
        String images = "/api/v1/images?reference=" + cell.organization() + "/*";

        JsonNode first = get(Caller.PULL, images + "&limit=1");
        assertThat(first.at("/items/0/digest").asText()).isEqualTo(api.digest());
        assertThat(first.at("/items/0/repository").asText()).isEqualTo(cell.organization() + "/api");
        assertThat(first.at("/items/0/tags/0").asText()).isEqualTo("v1");
        JsonNode second = get(Caller.PULL, images + "&limit=1&after=" + encoded(first));
        assertThat(second.at("/items/0/digest").asText()).isEqualTo(web.digest());
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(get(Caller.OTHER, images).get("items")).isEmpty();
        assertThat(get(Caller.OTHER, "/api/v1/images").toString()).doesNotContain(cell.organization());
        assertThat(get(Caller.PULL, images + "&dangling=true&platform=linux/amd64&label=a&label=b=c&labels=true")
                        .get("items"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "images?sort=age,sort",
        "images?sort=-name,sort",
        "images?dangling=maybe,dangling",
        "images?platform=linux,platform",
        "images?pushedSince=yesterday,pushedSince",
        "images?pushedBefore=1,pushedBefore",
        "images?reference=:,reference",
        "images?labels=1,labels",
        "images?after=x,after",
        "images?limit=0,limit",
        "repositories/REPOSITORY/-/tags?sort=age,sort",
        "repositories/REPOSITORY/-/tags?name=-,name",
        "repositories/REPOSITORY/-/tags?sort=size&after=x~y,after",
        "repositories/REPOSITORY/-/tags/v1/history?after=1,after"
    })
    void whatIsNoQuestionIsRefusedWithTheFieldThatIsToBlame(String path, String field) {
        Cell cell = scene.cell(Caller.PUSH);
        RepositoryClient web = pusher(cell, "web");
        web.push("v1", ImageFactory.fresh().image());
        JsonNode problem = scene.client(Caller.PULL)
                .get("/api/v1/" + path.replace("REPOSITORY", web.name()))
                .expect(400)
                .json();
        assertThat(problem.get("field").asText()).isEqualTo(field);
    }

    @Test
    void searchShowsEverybodyWhatHeMayPullAndDockerWithoutALoginWhatIsPublic() {
        Cell cell = scene.cell(Caller.PUSH);
        pusher(cell, "hidden").push("v1", ImageFactory.fresh().image());
        pusher(cell, "open").push("v1", ImageFactory.fresh().image());
        scene.client(Caller.OWNER)
                .request("PATCH", "/api/v1/repositories/" + cell.organization() + "/open/-/")
                .header("Content-Type", "application/json")
                .body(AuthorizationTable.bytes("{\"visibility\":\"public\",\"description\":\"for everybody\"}"))
                .send()
                .expect(200);
        String search = "/v1/search?q=" + cell.organization() + "/";
        String open = cell.organization() + "/open";
        String hidden = cell.organization() + "/hidden";

        JsonNode own = get(Caller.PULL, search);
        assertThat(own.get("results").findValuesAsText("name")).containsExactly(hidden, open);
        assertThat(own.get("num_results").asInt()).isEqualTo(2);
        assertThat(own.at("/results/1/description").asText()).isEqualTo("for everybody");
        assertThat(get(Caller.OTHER, search).get("results").findValuesAsText("name"))
                .containsExactly(open);

        JsonNode paged = get(Caller.PULL, search + "&n=1&page=2");
        assertThat(paged.get("results").findValuesAsText("name")).containsExactly(open);
        assertThat(paged.get("num_pages").asInt()).isEqualTo(2);
        assertThat(get(Caller.PULL, search + "&n=1&page=3").get("results")).isEmpty();
        assertThat(get(Caller.PULL, "/v1/search?q=&n=100").get("results")).isNotEmpty();
        scene.client(Caller.PULL).get(search + "&n=x").expect(400);

        // Podman asks without a login first, and is to come again with one, to the catalog.
        RegistryClient nobody = scene.client(Caller.NONE);
        assertThat(nobody.get(search).expect(401).header("www-authenticate")).contains("scope=\"registry:catalog:*\"");
        Answer docker =
                nobody.request("GET", search).header("X-Docker-Token", "true").send();
        assertThat(docker.expect(200).json().get("results").findValuesAsText("name"))
                .containsExactly(open);
        assertThat(nobody.get("/v1/_ping").expect(200).header("x-docker-registry-standalone"))
                .isEqualTo("true");
        nobody.showing("the-pull", "wrong").get(search).expect(401);
    }

    private static String encoded(JsonNode page) {
        return RegistryClient.encoded(page.get("next").asText());
    }

    private static RepositoryClient pusher(Cell cell, String name) {
        return scene.client(Caller.PUSH).repository(cell.organization() + "/" + name);
    }

    private static String managed(RepositoryClient repository) {
        return "/api/v1/repositories/" + repository.name() + "/-/";
    }

    private static JsonNode get(Caller caller, String path) {
        return scene.client(caller).get(path).expect(200).json();
    }
}
