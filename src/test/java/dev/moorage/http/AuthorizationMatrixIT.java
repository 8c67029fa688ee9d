package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.http.AuthorizationTable.Ask;
import dev.moorage.http.AuthorizationTable.By;
import dev.moorage.http.AuthorizationTable.Row;
import dev.moorage.http.Scene.Cell;
import dev.moorage.testing.Answer;
import dev.moorage.testing.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every endpoint of the packaged program in secured mode, asked by everybody of the table. */
class AuthorizationMatrixIT {

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = new Scene("matrix");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    static List<Row> rows() {
        return AuthorizationTable.rows();
    }

    static List<Row> rowsWithJson() {
        Set<String> bodies = Endpoints.bodies().keySet();
        return rows().stream().filter(row -> bodies.contains(row.endpoint())).toList();
    }

    static List<Row> rowsByToken() {
        return rows().stream().filter(row -> row.endpoint().contains(" /v2/")).toList();
    }

    static List<Row> rowsThatHide() {
        return rows().stream()
                .filter(row -> Set.of(401, 404).contains(row.status(Caller.OTHER)))
                .toList();
    }

    /** The owner, who may do everything there, by tokens that differ in nothing but in when they were given. */
    @ParameterizedTest
    @MethodSource("rowsByToken")
    void tokenOpensNothingOnceItHasExpired(Row row) {
        for (Duration left : List.of(Duration.ofMinutes(4), Duration.ofSeconds(-1))) {
            Cell cell = scene.cell(Caller.OWNER);
            Ask ask = row.ask().apply(cell);
            String token = scene.signed.goodFor(
                    left,
                    Caller.OWNER.account(),
                    "repository:" + cell.organization() + "/app:pull,push,delete registry:catalog:*");
            Answer answer = send(
                    scene.client(Caller.NONE)
                            .request(row.method(), ask.target())
                            .header("Authorization", "Bearer " + token),
                    ask);

            assertThat(answer.status()).isEqualTo(left.isPositive() ? row.status(Caller.OWNER) : 401);
            if (left.isNegative()) {
                assertThat(answer.header("www-authenticate")).endsWith("error=\"invalid_token\"");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rowsThatHide")
    void whatIsAnothersAnswersByteForByteAsWhatIsNotThere(Row row) {
        Cell cell = scene.cell(Caller.OTHER);
        Ask there = row.ask().apply(cell);
        String name = "n" + cell.organization().substring(1);
        Answer hidden = send(row, cell, there);
        Answer absent = send(row, cell, there.about(cell.organization(), name));

        assertThat(hidden.status()).isEqualTo(absent.status());
        assertThat(hidden.text().replace(cell.organization(), name)).isEqualTo(absent.text());
        assertThat(hidden.lastingHeaders().toString().replace(cell.organization(), name))
                .isEqualTo(absent.lastingHeaders().toString());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyCallerGetsTheAnswerOfTheTable(Row row) {
        Map<Caller, Integer> expected = new LinkedHashMap<>();
        Map<Caller, Integer> seen = new LinkedHashMap<>();
        for (Caller caller : Caller.values()) {
            Cell cell = scene.cell(caller);
            Answer answer = send(row, cell, row.ask().apply(cell));
            expected.put(caller, row.status(caller));
            seen.put(caller, answer.status());
            if (answer.status() == 401) {
                assertThat(answer.header("www-authenticate")).isNotEmpty();
            }
            if (answer.status() >= 400 && row.endpoint().contains(" /api/")) {
                assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
                assertThat(answer.json().get("status").asInt()).isEqualTo(answer.status());
            }
        }
        assertThat(seen).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("rowsWithJson")
    void extraFieldsOfABodyAreRefused(Row row) {
        Cell cell = scene.cell(Caller.ADMINISTRATOR);
        Ask ask = row.ask().apply(cell);
        for (String extra : List.of("extra", "id", "epoch", "organization_id")) {
            String body = new String(ask.body().orElseThrow(), StandardCharsets.UTF_8);
            String rest = body.substring(1).equals("}") ? "}" : "," + body.substring(1);
            Answer answer = send(row, cell, ask.json("{\"" + extra + "\":1" + rest));

            JsonNode problem = answer.expect(400).json();
            assertThat(problem.get("field").asText()).isEqualTo(extra);
        }
    }

    @Test
    void extraFieldsWithinABodyAreRefused() {
        Cell cell = scene.cell(Caller.OWNER);
        Answer answer = scene.client(Caller.OWNER)
                .request("POST", "/api/v1/organizations/" + cell.organization() + "/grants")
                .header("Content-Type", "application/json")
                .body(AuthorizationTable.bytes(
                        "{\"holder\":{\"kind\":\"account\",\"name\":\"admin\",\"id\":1},\"role\":\"reader\"}"))
                .send();

        assertThat(answer.expect(400).json().get("field").asText()).isEqualTo("holder.id");
    }

    private static Answer send(Row row, Cell cell, Ask ask) {
        RegistryClient client = row.by() == By.PASSWORD ? scene.byPassword(cell.caller()) : scene.client(cell.caller());
        return send(client.request(row.method(), ask.target()), ask);
    }

    private static Answer send(RegistryClient.Request request, Ask ask) {
        ask.body().ifPresent(bytes -> request.header("Content-Type", ask.contentType())
                .body(bytes));
        return request.send();
    }
}
