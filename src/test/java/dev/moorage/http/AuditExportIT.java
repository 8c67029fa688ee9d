package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.http.Scene.Cell;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Exports of an audit trail that is longer than all buffers between the program and its client. */
class AuditExportIT {

    private static final int ROWS = 60_000;
    private static final int A_BIT = 100_000;

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = new Scene("export");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void exportIsWhole() throws Exception {
        Cell cell = filled();
        try (HttpClient client = HttpClient.newHttpClient();
                InputStream body = export(client, cell).body()) {
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .hasSize(ROWS)
                    .allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        }
    }

    @Test
    void exportThatCannotGoOnIsCutOffAndNeverLooksWhole() throws Exception {
        Cell cell = filled();
        try (HttpClient client = HttpClient.newHttpClient();
                InputStream body = export(client, cell).body()) {
            assertThat(body.readNBytes(A_BIT)).hasSize(A_BIT);
            scene.sql.change("DELETE FROM permission_grant WHERE organization_id = ?", cell.id());

            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
        scene.client(Caller.OWNER).request("GET", "/api/v1/account").send().expect(200);
    }

    private static Cell filled() {
        Cell cell = scene.cell(Caller.OWNER);
        scene.sql.change("""
                INSERT INTO audit_event (organization_id, actor_kind, actor, address, client, action, target_kind, target,
                    outcome, detail)
                SELECT ?, 'account', 'anna', '192.0.2.7', repeat('x', 200), 'team.add', 'team', 'team' || i, 'done', '{}'
                FROM generate_series(1, ?) i
                """, cell.id(), ROWS);
        return cell;
    }

    private static HttpResponse<InputStream> export(HttpClient client, Cell cell) throws Exception {
        String shown = Caller.OWNER.account() + ':' + scene.token(Caller.OWNER);
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        scene.program.base() + "/api/v1/organizations/" + cell.organization() + "/audit/export"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(shown.getBytes(StandardCharsets.UTF_8)))
                .build();
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }
}
