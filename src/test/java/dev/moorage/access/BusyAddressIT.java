package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.error.RegistryException.Unauthorized;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Secrets shown from an address that others have made wait. */
class BusyAddressIT {

    @Test
    void rightSecretComesInFromAnAddressThatWaitsAndAWrongOneWaits() {
        try (SecuredHarness harness = SecuredHarness.fresh()) {
            long anna = harness.account("anna");
            Secret robot = Secret.make(Secret.Kind.ROBOT);
            harness.sql()
                    .change(
                            "INSERT INTO robot (organization_id, name, secret_hash) VALUES (?, 'ci', ?)",
                            harness.organization("acme"),
                            robot.hash());
            Secret personal = Secret.make(Secret.Kind.PERSONAL);
            harness.sql()
                    .change(
                            "INSERT INTO access_token (account_id, name, secret_hash, repository_prefix, actions) VALUES (?, 'ci', ?, '', '{pull}')",
                            anna,
                            personal.hash());
            String refresh = harness.server
                    .token(asked(SecuredHarness.basic("acme+ci", robot.reveal()), TokenServer.Keep.REFRESH_TOKEN))
                    .refreshToken()
                    .orElseThrow();
            block(harness);

            assertThat(harness.token(SecuredHarness.basic("acme+ci", robot.reveal())))
                    .isNotEmpty();
            assertThat(harness.token(SecuredHarness.basic("anna", personal.reveal())))
                    .isNotEmpty();
            assertThat(harness.login.login(new Credentials.Bearer(personal.reveal()), SecuredHarness.bearer("")))
                    .isPresent();
            assertThat(refreshed(harness, refresh).token()).isNotEmpty();

            for (Secret.Kind kind : List.of(Secret.Kind.ROBOT, Secret.Kind.PERSONAL)) {
                String wrong = Secret.make(kind).reveal();
                assertThatThrownBy(() -> harness.token(SecuredHarness.basic("acme+ci", wrong)))
                        .isInstanceOf(TooManyRequests.class);
                assertThatThrownBy(() -> harness.login.login(new Credentials.Bearer(wrong), SecuredHarness.bearer("")))
                        .isInstanceOf(TooManyRequests.class);
            }
            assertThatThrownBy(() ->
                            refreshed(harness, Secret.make(Secret.Kind.REFRESH).reveal()))
                    .isInstanceOf(TooManyRequests.class);
            assertThatThrownBy(() -> harness.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD)))
                    .as("passwords can be guessed")
                    .isInstanceOf(TooManyRequests.class);
        }
    }

    @Test
    void jobComesInFromAnAddressThatWaitsAndAForgedOneWaits() {
        try (JobScene scene = new JobScene()) {
            String wrong = scene.token(Map.of("sub", "repo:other/web:ref:x"));
            scene.refused(JobScene.USER, wrong);
            block(scene.harness);

            assertThat(scene.scope(JobScene.USER, scene.token(Map.of()))).isNotEmpty();
            assertThatThrownBy(() -> scene.scope(JobScene.USER, wrong)).isInstanceOf(TooManyRequests.class);
        }
    }

    @Test
    void secretOfAnotherNameAndOneOfNobodyAreTheSameAnswerAfterTheSameStatements() {
        try (SecuredHarness harness = SecuredHarness.fresh()) {
            Secret robot = Secret.make(Secret.Kind.ROBOT);
            harness.sql()
                    .change(
                            "INSERT INTO robot (organization_id, name, secret_hash) VALUES (?, 'ci', ?)",
                            harness.organization("acme"),
                            robot.hash());
            List<String> another = harness.statementsOf(() -> refused(harness, robot.reveal()));
            List<String> nobodys = harness.statementsOf(
                    () -> refused(harness, Secret.make(Secret.Kind.ROBOT).reveal()));

            assertThat(another).isNotEmpty().isEqualTo(nobodys);
        }
    }

    private static void refused(SecuredHarness harness, String secret) {
        assertThat(catchThrowableOfType(
                        RegistryException.class,
                        () -> harness.access.enter(SecuredHarness.basic("acme+other", secret))))
                .isInstanceOf(Unauthorized.class);
    }

    /** Makes everybody at the address wait. */
    private static void block(SecuredHarness harness) {
        assertThatThrownBy(() -> harness.access.enter(SecuredHarness.basic("nobody", "wrong")))
                .isInstanceOf(Unauthorized.class);
        harness.sql()
                .change(
                        "UPDATE login_failure SET blocked_until = now() + interval '10 minutes' WHERE kind = 'address'");
    }

    private static TokenServer.Given refreshed(SecuredHarness harness, String refresh) {
        return harness.server.refresh(
                asked(SecuredHarness.visitor(new Credentials.None()), TokenServer.Keep.NOTHING), refresh);
    }

    private static TokenServer.Asked asked(Visitor visitor, TokenServer.Keep keep) {
        return new TokenServer.Asked(visitor, List.of(), "test", keep);
    }
}
