package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.http.AuthorizationTable.Ask;
import dev.moorage.http.AuthorizationTable.By;
import dev.moorage.http.AuthorizationTable.Row;
import dev.moorage.http.Scene.Cell;
import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.RegistryClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the audit trail of the packaged program tells of each endpoint that changes something. */
class AuditTrailIT {

    private static final String AGENT = "audit-test/1";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = new Scene("audit");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    static List<Row> changes() {
        return AuthorizationTable.rows().stream().filter(AuditTable::isChange).toList();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whoChangedWhatIsThereWithTheAnswer(Row row) {
        Caller caller = row.status(Caller.OWNER) < 400 ? Caller.OWNER : Caller.ADMINISTRATOR;
        Cell cell = scene.cell(caller);
        Ask ask = row.ask().apply(cell);
        long before = last();

        Answer answer = send(row, cell, ask).expect(row.status(caller));

        JsonNode told = one(before, "done");
        assertThat(told.get("action").asText())
                .isEqualTo(AuditTable.action(row.endpoint()).text());
        assertThat(told.get("target_kind").asText())
                .isEqualTo(AuditTable.action(row.endpoint()).target().text());
        assertThat(told.get("target").asText()).isNotEmpty();
        assertThat(told.get("actor").asText()).isEqualTo(caller.account());
        assertThat(told.get("actor_kind").asText())
                .isEqualTo(caller == Caller.ADMINISTRATOR ? "administrator" : "account");
        assertThat(told.get("actor_id").asLong()).isPositive();
        assertThat(told.get("address").asText()).isEqualTo("127.0.0.1");
        assertThat(told.get("client").asText()).isEqualTo(AGENT);
        assertThat(told.get("request_id").asText()).isEqualTo(answer.header("x-request-id"));
        if (ask.target().contains(cell.organization())) {
            assertThat(told.get("organization").asText()).isEqualTo(cell.organization());
            assertThat(told.get("organization_id").asLong()).isEqualTo(cell.id());
        }
    }

    @Test
    void whoWasDeniedWhatIsThereABitLater() {
        long before = last();
        List<String> expected = new ArrayList<>();
        for (Row row : changes()) {
            if (row.status(Caller.PULL) == 403) {
                Cell cell = scene.cell(Caller.PULL);
                Ask ask = row.ask().apply(cell);
                send(row, cell, ask).expect(403);
                boolean inOrganization = ask.target().contains(cell.organization())
                        || ask.body().map(String::new).orElse("").contains(cell.organization());
                expected.add(AuditTable.action(row.endpoint()).text()
                        + ' '
                        + (inOrganization ? Long.toString(cell.id()) : "-"));
            }
        }

        Await.until(
                Duration.ofSeconds(30),
                "the denials to be written",
                () -> rows(before, "denied").size() >= expected.size());
        assertThat(rows(before, "denied"))
                .hasSizeGreaterThan(30)
                .allMatch(row -> row.get("actor").asText().equals(Caller.PULL.account()))
                .allMatch(row -> !row.get("detail").get("because").asText().isEmpty())
                .extracting(row -> row.get("action").asText()
                        + ' '
                        + (row.get("organization_id").isNull() ? "-" : row.get("organization_id")))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(rows(before, "done")).isEmpty();
    }

    @Test
    void changeThatIsRefusedLeavesNothing() {
        Cell cell = scene.cell(Caller.OWNER);
        String team = cell.team();
        long before = last();

        scene.client(Caller.OWNER)
                .request("POST", "/api/v1/organizations/" + cell.organization() + "/teams")
                .header("Content-Type", "application/json")
                .body(AuthorizationTable.bytes("{\"name\":\"" + team + "\"}"))
                .send()
                .expect(409);

        assertThat(rows(before, "done")).isEmpty();
    }

    @Test
    void changeWhoseRowCannotBeWrittenIsNotMade() {
        Cell cell = scene.cell(Caller.OWNER);
        scene.sql.change("ALTER TABLE audit_event ADD CONSTRAINT broken CHECK (action <> 'team.create') NOT VALID");
        try {
            scene.client(Caller.OWNER)
                    .request("POST", "/api/v1/organizations/" + cell.organization() + "/teams")
                    .header("Content-Type", "application/json")
                    .body(AuthorizationTable.bytes("{\"name\":\"crew\"}"))
                    .send()
                    .expect(500);
        } finally {
            scene.sql.change("ALTER TABLE audit_event DROP CONSTRAINT broken");
        }

        assertThat(scene.sql.number("SELECT count(*) FROM team WHERE organization_id = ?", cell.id()))
                .isZero();
    }

    @Test
    void noSecretIsEverInIt() {
        Cell cell = scene.cell(Caller.OWNER);
        String organization = "/api/v1/organizations/" + cell.organization();
        String account = Scene.fresh("secretive");
        List<String> secrets =
                new ArrayList<>(List.of("seeded-one-secret", "seeded-two-secret", "seeded-three-secret"));
        RegistryClient admin = scene.byPassword(Caller.ADMINISTRATOR);
        post(admin, "/api/v1/accounts", "{\"name\":\"%s\",\"password\":\"seeded-one-secret\"}".formatted(account));
        RegistryClient himself = scene.program.client().showing(account, "seeded-one-secret");
        secrets.add(post(himself, "/api/v1/account/tokens", "{\"name\":\"t\",\"actions\":[\"pull\"]}")
                .json()
                .get("secret")
                .asText());
        send(himself, "PUT", "/api/v1/account/password", """
                {"oldPassword":"seeded-three-secret","newPassword":"seeded-two-secret"}""");
        send(himself, "PUT", "/api/v1/account/password", """
                {"oldPassword":"seeded-one-secret","newPassword":"seeded-two-secret"}""");
        send(admin, "PATCH", "/api/v1/accounts/" + account, "{\"password\":\"seeded-three-secret\"}");
        RegistryClient owner = scene.client(Caller.OWNER);
        secrets.add(post(owner, organization + "/robots", "{\"name\":\"ci\",\"role\":\"writer\"}")
                .json()
                .get("secret")
                .asText());
        secrets.add(post(owner, organization + "/robots/ci/secret", "{}")
                .json()
                .get("secret")
                .asText());
        for (String secret : secrets) {
            scene.program
                    .client()
                    .showing(account, secret)
                    .request("GET", "/api/v1/account")
                    .send();
            scene.program
                    .client()
                    .showing(secret, account)
                    .request("GET", "/api/v1/account")
                    .send();
            scene.program
                    .client()
                    .request("GET", "/v2/")
                    .header("Authorization", "Bearer " + secret)
                    .send();
        }
        // It is written in the order of what was denied.
        long before = last();
        send(scene.client(Caller.PULL), "PATCH", organization, "{}");
        Await.until(
                Duration.ofSeconds(20),
                "the denials to be written",
                () -> last() > before
                        && scene.sql.number(
                                        "SELECT count(*) FROM audit_event WHERE id > ? AND action = 'organization.change'",
                                        before)
                                > 0);

        List<String> trail = scene.sql.rows("SELECT row_to_json(e)::text FROM audit_event e");
        assertThat(trail).anyMatch(row -> row.contains("account.password")).hasSizeGreaterThan(10);
        assertThat(trail).noneMatch(row -> secrets.stream().anyMatch(row::contains));
        assertThat(trail).noneMatch(row -> row.contains("argon2") || row.contains("moorage_pat_"));
    }

    @Test
    void exportIsALineForEachRowWhateverIsInIt() {
        Cell cell = scene.cell(Caller.OWNER);
        String description = "first\\nsecond\\t\\\"{}\\u2028";
        scene.client(Caller.OWNER)
                .request("PATCH", cell.managed())
                .header("Content-Type", "application/json")
                .body(AuthorizationTable.bytes("{\"description\":\"" + description + "\"}"))
                .send()
                .expect(200);
        post(
                scene.client(Caller.OWNER),
                "/api/v1/organizations/" + cell.organization() + "/teams",
                "{\"name\":\"crew\"}");

        Answer answer = scene.client(Caller.OWNER)
                .request("GET", "/api/v1/organizations/" + cell.organization() + "/audit/export")
                .send()
                .expect(200);

        assertThat(answer.header("content-type")).startsWith("application/x-ndjson");
        List<JsonNode> lines = answer.text().lines().map(AuditTrailIT::read).toList();
        assertThat(lines)
                .extracting(line -> line.get("action").asText())
                .containsExactly("repository.change", "team.create");
        assertThat(lines.getFirst().get("detail").get("description").get("to").asText())
                .isEqualTo("first\nsecond\t\"{}\u2028");
    }

    private static Answer post(RegistryClient client, String path, String json) {
        Answer answer = send(client, "POST", path, json);
        assertThat(answer.status()).as("%s", answer).isLessThan(300);
        return answer;
    }

    private static Answer send(RegistryClient client, String method, String path, String json) {
        return client.request(method, path)
                .header("Content-Type", "application/json")
                .body(AuthorizationTable.bytes(json))
                .send();
    }

    private static long last() {
        return scene.sql.number("SELECT coalesce(max(id), 0) FROM audit_event");
    }

    private static JsonNode one(long after, String outcome) {
        List<JsonNode> rows = rows(after, outcome);
        assertThat(rows).hasSize(1);
        return rows.getFirst();
    }

    private static List<JsonNode> rows(long after, String outcome) {
        List<JsonNode> rows = new ArrayList<>();
        scene.sql
                .rows(
                        "SELECT row_to_json(e) FROM audit_event e WHERE id > ? AND outcome = ? AND client = ? ORDER BY id",
                        after,
                        outcome,
                        AGENT)
                .forEach(text -> rows.add(read(text)));
        return rows;
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Answer send(Row row, Cell cell, Ask ask) {
        RegistryClient client = row.by() == By.PASSWORD ? scene.byPassword(cell.caller()) : scene.client(cell.caller());
        RegistryClient.Request request =
                client.request(row.method(), ask.target()).header("User-Agent", AGENT);
        ask.body().ifPresent(bytes -> request.header("Content-Type", ask.contentType())
                .body(bytes));
        return request.send();
    }
}
