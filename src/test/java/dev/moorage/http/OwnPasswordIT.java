package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.LockWatch;
import dev.moorage.testing.Sql;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An account's own password, and those who change it besides. */
class OwnPasswordIT {

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = new Scene("own password");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void passwordThatAnAdministratorSetsMeanwhileStaysHis() {
        CompletableFuture<Answer> answer = scene.sql.inTransaction(connection -> {
            // What an administrator does by another request, which is not committed yet.
            Sql.change(
                    connection,
                    "UPDATE account SET password_hash = 'of the administrator', epoch = epoch + 1 WHERE name = ?",
                    Caller.OWNER.account());
            CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(
                    () -> scene.byPassword(Caller.OWNER)
                            .request("PUT", "/api/v1/account/password")
                            .header("Content-Type", "application/json")
                            .body(AuthorizationTable.bytes(
                                    "{\"oldPassword\":\"%s\",\"newPassword\":\"another long one\"}"
                                            .formatted(Scene.PASSWORD)))
                            .send(),
                    task -> Thread.ofPlatform().daemon().start(task));
            LockWatch.awaitWaiting(scene.program.database().source());
            return waiting;
        });

        answer.join().expect(401);
        assertThat(scene.sql.rows("SELECT password_hash FROM account WHERE name = ?", Caller.OWNER.account()))
                .containsExactly("of the administrator");
        assertThat(scene.sql.number("SELECT count(*) FROM audit_event WHERE action = 'account.password'"))
                .isZero();
    }
}
