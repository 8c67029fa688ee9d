package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.http.Scene.Cell;
import dev.moorage.testing.Answer;
import dev.moorage.testing.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Exports of an audit trail that is longer than all buffers between the program and its client. */
class AuditExportIT {

    private static final int ROWS = 60_000;

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
    void exportIsWhole() {
        Cell cell = filled();
        try (RawHttp client = export(cell)) {
            Answer head = client.readHead();

            assertThat(head.status()).isEqualTo(200);
            assertThat(new String(client.bodyAfter(head), StandardCharsets.UTF_8).lines())
                    .hasSize(ROWS)
                    .allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        }
    }

    @Test
    void exportThatCannotGoOnIsCutOffAndNeverLooksWhole() {
        Cell cell = filled();
        try (RawHttp client = export(cell)) {
            Answer head = client.readHead();
            scene.sql.change("DELETE FROM permission_grant WHERE organization_id = ?", cell.id());

            assertThat(head.status()).isEqualTo(200);
            assertThatThrownBy(() -> client.bodyAfter(head)).hasRootCauseInstanceOf(IOException.class);
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

    /** Asks for an export; nothing of the answer is read yet. */
    private static RawHttp export(Cell cell) {
        String shown = Caller.OWNER.account() + ':' + scene.token(Caller.OWNER);
        return RawHttp.connect(scene.program.base())
                .head(
                        "GET",
                        "/api/v1/organizations/" + cell.organization() + "/audit/export",
                        "Authorization: Basic "
                                + Base64.getEncoder().encodeToString(shown.getBytes(StandardCharsets.UTF_8)));
    }
}
