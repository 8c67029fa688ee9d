package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A program that is asked to hash as many passwords as it can. */
class PasswordStormIT {

    private static final String ADMIN = "the first password";
    private static final int ATTACKERS = 48;
    private static final int LOGINS = 40;

    private static MoorageProcess program;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start(
                "storm",
                MoorageProcess.Settings.usual()
                        .property("moorage.access.mode", "secured")
                        .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                        .property("moorage.access.admin-password", ADMIN)
                        .property("moorage.access.throttle.account-failures", "1000000")
                        .property("moorage.access.throttle.address-failures", "1000000")
                        .property("moorage.organizations.auto-create", "true"));
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void hashingPasswordsDoesNotStarvePulls() throws InterruptedException {
        RepositoryClient admin = program.client().as("admin", ADMIN).repository("acme/storm");
        admin.push("v1", ImageFactory.fresh().image());
        String token = program.client()
                .showing("admin", ADMIN)
                .get("/auth/token?scope=repository:acme/storm:pull")
                .expect(200)
                .json()
                .get("token")
                .asText();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger logins = new AtomicInteger();
        int pulls = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> attackers = new ArrayList<>();
            for (int i = 0; i < ATTACKERS; i++) {
                RegistryClient attacker = program.client().showing("somebody" + i, "wrong");
                attackers.add(threads.submit(() -> {
                    while (!over.get()) {
                        int status = attacker.get("/v2/").status();
                        // Who waits too long for his turn to be hashed is told to come again.
                        assertThat(status).isIn(401, 429);
                        logins.incrementAndGet();
                    }
                }));
            }
            try {
                Await.until(Duration.ofSeconds(60), "the storm to begin", () -> logins.get() > ATTACKERS / 2);
                int before = logins.get();
                while (logins.get() < before + LOGINS) {
                    program.client()
                            .request("GET", "/v2/acme/storm/manifests/v1")
                            .header("Authorization", "Bearer " + token)
                            .send()
                            .expect(200);
                    pulls++;
                }
            } finally {
                over.set(true);
            }
            for (Future<?> attacker : attackers) {
                Together.get(attacker);
            }
        }
        // One client that pulls gets through more often than all who log in together.
        assertThat(pulls).isGreaterThan(LOGINS);
    }
}
