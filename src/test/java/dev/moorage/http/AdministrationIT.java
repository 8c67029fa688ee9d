package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.http.Scene.Cell;
import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The management API of the packaged program in secured mode. */
class AdministrationIT {

    private static final List<String> SECRETS = new ArrayList<>();
    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = new Scene("administration");
    }

    @AfterAll
    static void stopAndLookForSecrets() {
        String output = scene.program.output();
        scene.close();
        assertThat(SECRETS).hasSizeGreaterThan(3);
        assertThat(output).doesNotContain(SECRETS).doesNotContain(Scene.PASSWORD, "moorage_pat_", "moorage_robot_");
    }

    @Test
    void organizationIsMadeByAnAdministratorRunByItsOwnerAndDeletedWhenItIsEmpty() {
        String name = Scene.fresh("made");
        Answer made = send(
                Caller.ADMINISTRATOR,
                "POST",
                "/api/v1/organizations",
                "{\"name\":\"%s\",\"owner\":\"the-pull\",\"defaultVisibility\":\"public\"}".formatted(name));
        assertThat(made.expect(201).header("location")).isEqualTo("/api/v1/organizations/" + name);
        assertThat(send(Caller.ADMINISTRATOR, "POST", "/api/v1/organizations", "{\"name\":\"" + name + "\"}")
                        .status())
                .isEqualTo(409);

        String path = made.header("location");
        send(Caller.PULL, "POST", "/api/v1/repositories", "{\"name\":\"" + name + "/web/app\"}")
                .expect(201);
        send(Caller.PULL, "POST", path + "/robots", "{\"name\":\"ci\"}").expect(201);
        JsonNode held = send(Caller.PULL, "DELETE", path).expect(409).json();
        assertThat(held.get("repositories").asInt()).isEqualTo(1);
        assertThat(held.get("robots").asInt()).isEqualTo(1);

        send(Caller.PULL, "DELETE", path + "/robots/ci").expect(204);
        scene.sql.change("UPDATE repository SET deleted_at = now() WHERE name = ?", name + "/web/app");
        send(Caller.PULL, "DELETE", path).expect(204);
        send(Caller.PULL, "GET", path).expect(404);
        send(Caller.ADMINISTRATOR, "POST", "/api/v1/organizations", "{\"name\":\"" + name + "\"}")
                .expect(201);
        send(Caller.PULL, "GET", path).expect(404);
    }

    @Test
    void repositoriesAreMadeUpToTheQuota() {
        String name = Scene.fresh("limited");
        send(
                        Caller.ADMINISTRATOR,
                        "POST",
                        "/api/v1/organizations",
                        "{\"name\":\"%s\",\"owner\":\"the-owner\"}".formatted(name))
                .expect(201);
        scene.sql.change("UPDATE organization SET quota_repositories = 1 WHERE name = ?", name);

        send(Caller.OWNER, "POST", "/api/v1/repositories", "{\"name\":\"" + name + "/one\"}")
                .expect(201);
        JsonNode refused = send(Caller.OWNER, "POST", "/api/v1/repositories", "{\"name\":\"" + name + "/two\"}")
                .expect(409)
                .json();
        assertThat(refused.get("limit").asInt()).isEqualTo(1);
        assertThat(refused.get("used").asInt()).isEqualTo(1);
        send(Caller.OWNER, "GET", "/api/v1/repositories/" + name + "/two/-/").expect(404);
    }

    @Test
    void hiddenAndAbsentOrganizationsAndRepositoriesAnswerAlike() {
        Cell cell = scene.cell(Caller.OTHER);
        String repository = cell.repository();
        for (String rest : List.of("", "/grants", "/members", "/teams", "/robots/ci", "/trusted-issuers")) {
            Answer hidden = send(Caller.OTHER, "GET", "/api/v1/organizations/" + cell.organization() + rest);
            Answer absent = send(Caller.OTHER, "GET", "/api/v1/organizations/absent" + rest);
            assertThat(hidden.expect(404).text().replace(cell.organization(), "absent"))
                    .isEqualTo(absent.text());
            assertThat(hidden.headers().keySet()).isEqualTo(absent.headers().keySet());
        }
        Answer hidden = send(Caller.OTHER, "GET", "/api/v1/repositories/" + repository + "/-/");
        Answer absent = send(Caller.OTHER, "GET", "/api/v1/repositories/absent/app/-/");
        assertThat(hidden.expect(404).text().replace(repository, "absent/app")).isEqualTo(absent.text());
        assertThat(send(Caller.OTHER, "GET", "/api/v1/organizations").text()).doesNotContain(cell.organization());
        assertThat(send(Caller.OTHER, "GET", "/api/v1/repositories").text()).doesNotContain(repository);
    }

    @Test
    void lastOwnerStaysByEveryWay() {
        String name = Scene.fresh("owned");
        send(
                        Caller.ADMINISTRATOR,
                        "POST",
                        "/api/v1/organizations",
                        "{\"name\":\"%s\",\"owner\":\"the-owner\"}".formatted(name))
                .expect(201);
        String path = "/api/v1/organizations/" + name;
        String grant = send(Caller.OWNER, "GET", path + "/grants")
                .json()
                .get("items")
                .get(0)
                .get("id")
                .asText();

        send(Caller.OWNER, "PUT", path + "/members/the-owner", "{\"role\":\"reader\"}")
                .expect(409);
        send(Caller.ADMINISTRATOR, "DELETE", path + "/members/the-owner").expect(409);
        send(Caller.OWNER, "DELETE", path + "/grants/" + grant).expect(409);
        assertThat(send(Caller.ADMINISTRATOR, "DELETE", "/api/v1/accounts/the-owner")
                        .expect(409)
                        .json()
                        .get("organizations")
                        .toString())
                .contains(name);

        send(Caller.OWNER, "POST", path + "/teams", "{\"name\":\"owners\"}").expect(201);
        send(
                        Caller.OWNER,
                        "POST",
                        path + "/grants",
                        "{\"holder\":{\"kind\":\"team\",\"name\":\"owners\"},\"role\":\"owner\"}")
                .expect(201);
        send(Caller.OWNER, "PUT", path + "/teams/owners/members/the-pull").expect(204);
        send(Caller.OWNER, "DELETE", path + "/grants/" + grant).expect(204);
        send(Caller.PULL, "DELETE", path + "/teams/owners/members/the-pull").expect(409);
        send(Caller.PULL, "DELETE", path + "/teams/owners").expect(409);
        send(Caller.OWNER, "GET", path).expect(404);
        send(Caller.PULL, "GET", path + "/teams/owners/members").expect(200);
    }

    @Test
    void ownerOfAPartDecidesAboutThatPartOnly() {
        Cell cell = scene.cell(Caller.OTHER);
        String grants = "/api/v1/organizations/" + cell.organization() + "/grants";
        send(Caller.OWNER, "POST", grants, role("the-other", "owner", "web")).expect(201);
        String account = cell.account();

        send(Caller.OTHER, "POST", grants, role(account, "writer", "web/api")).expect(201);
        send(Caller.OTHER, "POST", grants, role(account, "reader", "website")).expect(403);
        send(Caller.OTHER, "POST", grants, role(account, "reader", "")).expect(403);
        JsonNode seen = send(Caller.OTHER, "GET", grants).expect(200).json().get("items");
        assertThat(seen.findValuesAsText("path")).containsExactlyInAnyOrder("web", "web/api");
        send(Caller.OTHER, "DELETE", grants + "/" + cell.grant()).expect(404);
        send(Caller.OTHER, "GET", "/api/v1/organizations/" + cell.organization() + "/robots")
                .expect(403);
    }

    @Test
    void organizationGoesWithAllThatIsInItAndItsRobotsAndComesBack() {
        Cell cell = scene.cell(Caller.OWNER);
        String path = "/api/v1/organizations/" + cell.organization();
        String secret = secret(send(Caller.OWNER, "POST", path + "/robots", "{\"name\":\"ci\",\"role\":\"owner\"}"));
        RepositoryClient repository = robot(cell, secret);
        repository.push("v1", ImageFactory.fresh().image());
        String token = token(cell, secret);
        send(Caller.OWNER, "DELETE", path).expect(409);
        send(Caller.OWNER, "DELETE", path + "?everything=perhaps").expect(400);
        send(Caller.PUSH, "DELETE", path + "?everything=true").expect(403);
        send(Caller.OTHER, "DELETE", path + "?everything=true").expect(404);
        send(Caller.OWNER, "DELETE", path + "?everything=true&why=the+end").expect(204);

        bearer(repository, token).expect(401);
        repository.get("tags/list").expect(401);
        for (Caller caller : List.of(Caller.OWNER, Caller.ADMINISTRATOR)) {
            send(caller, "GET", path).expect(404);
            send(caller, "GET", path + "/robots").expect(404);
            send(caller, "GET", "/api/v1/repositories/" + repository.name() + "/-/")
                    .expect(404);
            send(caller, "DELETE", path + "?everything=true").expect(404);
        }
        send(Caller.ADMINISTRATOR, "POST", "/api/v1/organizations", "{\"name\":\"" + cell.organization() + "\"}")
                .expect(409);
        send(Caller.PUSH, "GET", path + "/events").expect(404);
        JsonNode deleted = send(Caller.OWNER, "GET", path + "/events?limit=1")
                .expect(200)
                .json()
                .at("/items/0");
        assertThat(deleted.get("kind").asText()).isEqualTo("organization_deleted");
        assertThat(deleted.get("why").asText()).isEqualTo("the end");
        String undo = path + "/events/" + deleted.get("reference").asText() + "/undo";
        send(Caller.PUSH, "POST", undo, "{}").expect(404);

        send(Caller.OWNER, "POST", undo, "{}").expect(200);
        bearer(repository, token).expect(200);
        repository.get("tags/list").expect(200);
        send(Caller.OWNER, "GET", path).expect(200);
        assertThat(send(Caller.OWNER, "POST", undo, "{}")
                        .expect(409)
                        .json()
                        .at("/conflicts/0/kind")
                        .asText())
                .isEqualTo("organization-restored-since");
    }

    @Test
    void robotsTokensEndWithTheNextRequestWhateverIsDoneToIt() {
        Cell cell = scene.cell(Caller.OWNER);
        String robots = "/api/v1/organizations/" + cell.organization() + "/robots";
        String first = secret(send(
                Caller.OWNER,
                "POST",
                robots,
                "{\"name\":\"ci\",\"role\":\"writer\",\"expiresAt\":\"2100-01-01T00:00:00Z\"}"));
        RepositoryClient repository = robot(cell, first);
        repository.push("v1", ImageFactory.fresh().image());
        String token = token(cell, first);
        bearer(repository, token).expect(200);

        String second = secret(send(Caller.OWNER, "POST", robots + "/ci/secret", "{}"));
        bearer(repository, token).expect(401);
        repository.get("tags/list").expect(401);
        robot(cell, second).get("tags/list").expect(200);

        String other = token(cell, second);
        send(Caller.OWNER, "PATCH", robots + "/ci", "{\"enabled\":false}").expect(200);
        bearer(repository, other).expect(401);
        robot(cell, second).get("tags/list").expect(401);
        send(Caller.OWNER, "PATCH", robots + "/ci", "{\"enabled\":true}").expect(200);
        robot(cell, second).get("tags/list").expect(200);

        String last = token(cell, second);
        send(Caller.OWNER, "DELETE", robots + "/ci").expect(204);
        bearer(repository, last).expect(401);
        robot(cell, second).get("tags/list").expect(401);
        send(Caller.OWNER, "POST", robots, "{\"name\":\"late\",\"expiresAt\":\"2000-01-01T00:00:00Z\"}")
                .expect(400);
    }

    @Test
    void personalTokenIsForWhatItSaysAndMakesNoOther() {
        Cell cell = scene.cell(Caller.OWNER);
        String repository = cell.repository();
        Answer made = json(
                        scene.byPassword(Caller.OWNER),
                        "POST",
                        "/api/v1/account/tokens",
                        "{\"name\":\"%s\",\"actions\":[\"pull\"],\"prefix\":\"%s\"}"
                                .formatted(Scene.fresh("narrow"), cell.organization()))
                .expect(201);
        RegistryClient narrow = scene.program.client().showing("the-owner", secret(made));

        narrow.get("/api/v1/repositories/" + repository + "/-/").expect(200);
        json(narrow, "PATCH", "/api/v1/repositories/" + repository + "/-/", "{\"visibility\":\"public\"}")
                .expect(403);
        narrow.get("/api/v1/organizations/" + cell.organization() + "/robots").expect(403);
        narrow.get("/api/v1/organizations/" + scene.cell(Caller.OWNER).organization())
                .expect(404);
        assertThat(narrow.get("/api/v1/organizations").json().get("items")).hasSize(1);
        narrow.get("/api/v1/account/tokens").expect(403);
        JsonNode roles = narrow.get("/api/v1/account").expect(200).json().get("roles");
        assertThat(roles.findValuesAsText("prefix")).containsExactly(cell.organization());
        assertThat(roles.findValuesAsText("role")).containsExactly("reader");
        send(Caller.OWNER, "POST", "/api/v1/account/tokens", "{\"name\":\"more\",\"actions\":[\"pull\"]}")
                .expect(403);

        send(Caller.OWNER, "DELETE", made.header("location")).expect(204);
        narrow.get("/api/v1/account").expect(401);
    }

    @Test
    void tokenThatAdministersSaysThatItDoesEverything() {
        RegistryClient owner = scene.byPassword(Caller.OWNER);
        for (String actions :
                List.of("\"administer\"", "\"pull\",\"administer\"", "\"pull\",\"push\",\"administer\"")) {
            JsonNode refused = json(
                            owner,
                            "POST",
                            "/api/v1/account/tokens",
                            "{\"name\":\"%s\",\"actions\":[%s]}".formatted(Scene.fresh("shed"), actions))
                    .expect(400)
                    .json();
            assertThat(refused.get("field").asText()).isEqualTo("actions");
        }
        secret(json(
                        owner,
                        "POST",
                        "/api/v1/account/tokens",
                        "{\"name\":\"%s\",\"actions\":[\"pull\",\"push\",\"delete\",\"administer\"]}"
                                .formatted(Scene.fresh("all")))
                .expect(201));
    }

    @Test
    void administratorsTokenTakesNobodysAccountAndMakesNoAdministrator() {
        String account = scene.cell(Caller.ADMINISTRATOR).account();
        String path = "/api/v1/accounts/";
        for (String change : List.of(
                "{\"password\":\"another long one\"}",
                "{\"administrator\":true}",
                "{\"administrator\":false}",
                "{\"issuer\":null,\"subject\":null}")) {
            send(Caller.ADMINISTRATOR, "PATCH", path + "admin", change).expect(403);
            send(Caller.ADMINISTRATOR, "PATCH", path + account, change).expect(403);
        }
        String administrator = "{\"name\":\"%s\",\"administrator\":true}".formatted(Scene.fresh("raised"));
        send(Caller.ADMINISTRATOR, "POST", "/api/v1/accounts", administrator).expect(403);

        send(Caller.ADMINISTRATOR, "PATCH", path + account, "{\"enabled\":false}")
                .expect(200);
        RegistryClient himself = scene.byPassword(Caller.ADMINISTRATOR);
        himself.get("/api/v1/account").expect(200);
        json(himself, "PATCH", path + account, "{\"enabled\":true,\"password\":\"another long one\"}")
                .expect(200);
        scene.program
                .client()
                .showing(account, "another long one")
                .get("/api/v1/account")
                .expect(200);
        json(himself, "PATCH", path + account, "{\"administrator\":true}").expect(200);
        json(himself, "DELETE", path + account, "").expect(204);
    }

    @Test
    void secretDoesAsABearerAndATokenForRepositoriesDoesNot() {
        Cell cell = scene.cell(Caller.OWNER);
        RegistryClient nobody = scene.program.client();
        nobody.request("GET", "/api/v1/account")
                .header("Authorization", "Bearer " + scene.token(Caller.OWNER))
                .send()
                .expect(200);
        String token = scene.client(Caller.OWNER)
                .get("/auth/token?scope=repository:" + cell.organization() + "/app:pull,push,delete,administer,*")
                .expect(200)
                .json()
                .get("token")
                .asText();
        for (String path : List.of("/api/v1/account", "/api/v1/organizations/" + cell.organization())) {
            nobody.request("GET", path)
                    .header("Authorization", "Bearer " + token)
                    .send()
                    .expect(401);
        }
    }

    @Test
    void accountsOneTimePasswordLogsInAndIsChangedWithTheOldOneOnly() {
        String name = Scene.fresh("newcomer");
        JsonNode made = send(Caller.ADMINISTRATOR, "POST", "/api/v1/accounts", "{\"name\":\"" + name + "\"}")
                .expect(201)
                .json();
        String once = made.get("oneTimePassword").asText();
        SECRETS.add(once);
        RegistryClient newcomer = scene.program.client().showing(name, once);
        assertThat(newcomer.get("/api/v1/account")
                        .expect(200)
                        .json()
                        .get("administrator")
                        .asBoolean())
                .isFalse();

        json(newcomer, "PUT", "/api/v1/account/password", change("wrong one", "another long one"))
                .expect(403);
        json(newcomer, "PUT", "/api/v1/account/password", change(once, "short")).expect(400);
        json(newcomer, "PUT", "/api/v1/account/password", change(once, "another long one"))
                .expect(204);
        newcomer.get("/api/v1/account").expect(401);
        scene.program
                .client()
                .showing(name, "another long one")
                .get("/api/v1/account")
                .expect(200);
        SECRETS.add("another long one");

        send(Caller.ADMINISTRATOR, "PATCH", "/api/v1/accounts/" + name, "{\"enabled\":false}")
                .expect(200);
        scene.program
                .client()
                .showing(name, "another long one")
                .get("/api/v1/account")
                .expect(401);
    }

    @Test
    void lastAdministratorStays() {
        for (String change : List.of("{\"enabled\":false}", "{\"administrator\":false}")) {
            json(scene.byPassword(Caller.ADMINISTRATOR), "PATCH", "/api/v1/accounts/admin", change)
                    .expect(409);
        }
        send(Caller.ADMINISTRATOR, "DELETE", "/api/v1/accounts/admin").expect(409);
        send(Caller.ADMINISTRATOR, "GET", "/api/v1/accounts/admin").expect(200);
    }

    @Test
    void everybodyPullsWhatItsOwnerMakesPublic() {
        Cell cell = scene.cell(Caller.OWNER);
        cell.image();
        RepositoryClient nobody = cell.pushed().through(scene.program.client().asNobody());
        nobody.get("manifests/v1").expect(401);

        send(Caller.OWNER, "PATCH", "/api/v1/repositories/" + nobody.name() + "/-/", "{\"visibility\":\"public\"}")
                .expect(200);
        nobody.get("manifests/v1").expect(200);
    }

    @Test
    void pagesFollowEachOtherToTheEnd() {
        Cell cell = scene.cell(Caller.OWNER);
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(cell.team());
        }
        List<String> seen = new ArrayList<>();
        Optional<String> after = Optional.of("");
        while (after.isPresent()) {
            JsonNode page = send(
                            Caller.OWNER,
                            "GET",
                            "/api/v1/organizations/" + cell.organization() + "/teams?limit=2&after=" + after.get())
                    .expect(200)
                    .json();
            assertThat(page.get("items").size()).isLessThanOrEqualTo(2);
            seen.addAll(page.get("items").findValuesAsText("name"));
            after = Optional.of(page.get("next")).filter(next -> !next.isNull()).map(JsonNode::asText);
        }
        assertThat(seen).containsExactlyElementsOf(made.stream().sorted().toList());
        for (String limit : List.of("0", "-1", "1001", "x")) {
            send(Caller.OWNER, "GET", "/api/v1/organizations?limit=" + limit).expect(400);
        }
    }

    @Test
    void bodiesThatAreNoneAreRefusedAsProblems() {
        RegistryClient client = scene.client(Caller.ADMINISTRATOR);
        String path = "/api/v1/organizations";
        assertThat(json(client, "POST", path, "{\"name\":\"a\",\"name\":\"b\"}").status())
                .isEqualTo(400);
        for (String body : List.of(
                "",
                "[]",
                "null",
                "{",
                "{\"name\":null}",
                "{\"name\":1}",
                "{}",
                "{\"name\":\"a\"}x",
                "{\"name\":\"A/b\"}")) {
            json(client, "POST", path, body).expect(400);
        }
        json(client, "POST", path, "{\"name\":\"" + "a".repeat(70_000) + "\"}").expect(413);
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "application/jsonx")) {
            client.request("POST", path)
                    .header("Content-Type", type)
                    .body(AuthorizationTable.bytes("{\"name\":\"forged\"}"))
                    .send()
                    .expect(415);
        }
        for (String absent : List.of(
                "/api/v1",
                "/api/v1/nothing",
                "/api/v1/repositories/a/-/nothing",
                "/api/v1/repositories/-",
                "/api/v1/repositories/A/-/")) {
            assertThat(client.get(absent).expect(404).header("content-type")).isEqualTo("application/problem+json");
        }
        assertThat(client.request("PUT", path).send().expect(405).header("content-type"))
                .isEqualTo("application/problem+json");
    }

    private static String role(String account, String role, String path) {
        return "{\"holder\":{\"kind\":\"account\",\"name\":\"%s\"},\"role\":\"%s\",\"path\":\"%s\"}"
                .formatted(account, role, path);
    }

    private static String change(String old, String password) {
        return "{\"oldPassword\":\"%s\",\"newPassword\":\"%s\"}".formatted(old, password);
    }

    private static String secret(Answer answer) {
        String secret = answer.json().get("secret").asText();
        SECRETS.add(secret);
        return secret;
    }

    private static RepositoryClient robot(Cell cell, String secret) {
        return scene.program
                .client()
                .showing(cell.organization() + "+ci", secret)
                .repository(cell.organization() + "/app");
    }

    private static String token(Cell cell, String secret) {
        return scene.program
                .client()
                .showing(cell.organization() + "+ci", secret)
                .get("/auth/token?scope=repository:" + cell.organization() + "/app:pull")
                .expect(200)
                .json()
                .get("token")
                .asText();
    }

    private static Answer bearer(RepositoryClient repository, String token) {
        return scene.program
                .client()
                .request("GET", repository.path("tags/list"))
                .header("Authorization", "Bearer " + token)
                .send();
    }

    private static Answer send(Caller caller, String method, String path) {
        return scene.client(caller).request(method, path).send();
    }

    private static Answer send(Caller caller, String method, String path, String json) {
        return json(scene.client(caller), method, path, json);
    }

    private static Answer json(RegistryClient client, String method, String path, String json) {
        return client.request(method, path)
                .header("Content-Type", "application/json")
                .body(AuthorizationTable.bytes(json))
                .send();
    }
}
