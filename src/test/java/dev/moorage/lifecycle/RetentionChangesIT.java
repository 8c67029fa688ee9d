package dev.moorage.lifecycle;

import static dev.moorage.lifecycle.TestRetention.EVERYBODY;
import static dev.moorage.lifecycle.TestRetention.WORKER;
import static dev.moorage.lifecycle.TestRetention.about;
import static dev.moorage.lifecycle.TestRetention.organization;
import static dev.moorage.lifecycle.TestRetention.repository;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.administration.Listing;
import dev.moorage.administration.Retention;
import dev.moorage.administration.RetentionTarget;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.RetentionRemovalStore;
import dev.moorage.metadata.RetentionRunStore;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RetentionSchedule;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Collector;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.LockWatch;
import dev.moorage.testing.Together;
import dev.moorage.testing.WatchedDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes while a run is under way counts, no run keeps others from their turns, and what is kept of them is bounded. */
class RetentionChangesIT {

    private static final String WEB = "acme/web";
    private static final RetentionTarget OF_WEB = repository(WEB);
    private static final RetentionTarget OF_ACME = organization("acme");
    private static final String NONE_STAY = "keep-newer PT0S";
    private static final String ALL_STAY = "keep-matching";
    private static final Optional<RetentionSchedule> HOURLY =
            Optional.of(new RetentionSchedule.Every(Duration.ofHours(1)));

    private final ImageFactory factory = ImageFactory.seeded(68);

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private TestRetention retention;
    private TestRetention other;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        retention = new TestRetention(registry);
        other = new TestRetention(registry.replica());
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void runEndsWhenItsPolicyIsChangedAndTakesNothingAwayAnyMore() {
        push("v1");
        retention.set(OF_WEB, NONE_STAY);
        onceDecided(() -> other.set(OF_WEB, ALL_STAY));

        RetentionReport run = retention.run(OF_WEB);

        assertThat(run.run().state()).isEqualTo("withdrawn");
        assertThat(run.run().finishedAt()).isPresent();
        assertThat(tags()).containsExactly("v1");
        assertThat(retention.run(OF_WEB).run().state()).isEqualTo("done");
    }

    @Test
    void runEndsWhenItsPolicyIsTakenAwayAlsoAsThatOfTheOrganization() {
        push("v1");
        retention.set(OF_ACME, NONE_STAY);
        onceDecided(() -> other.policies().remove(EVERYBODY, OF_ACME));

        assertThat(retention.run(OF_WEB).run().state()).isEqualTo("withdrawn");

        assertThat(tags()).containsExactly("v1");
    }

    @Test
    void runGoesOnWhereTheRulesStayAsTheyAre() {
        push("v1");
        retention.set(OF_WEB, NONE_STAY);
        onceDecided(() -> other.set(OF_WEB, HOURLY, NONE_STAY));

        assertThat(retention.run(OF_WEB).run().state()).isEqualTo("done");

        assertThat(tags()).isEmpty();
    }

    @Test
    void repositoryThatGetsAPolicyOfItsOwnIsLeftByTheRunOfItsOrganization() {
        push("v1");
        registry.pushImage("acme/api", "w1", factory.image());
        letLeasesEnd();
        retention.set(OF_ACME, NONE_STAY, "delete-untagged PT0S");
        onceDecided(() -> other.set(OF_WEB, ALL_STAY));

        RetentionReport run = retention.run(OF_ACME);

        assertThat(run.run().state()).isEqualTo("done");
        assertThat(about(run, "v1").outcome()).contains("policy-changed");
        assertThat(about(run, "w1").outcome()).contains("deleted");
        assertThat(run.run().skipped()).isEqualTo(2);
        assertThat(tags()).containsExactly("v1");
    }

    @Test
    void runThatBeginsWhileThePolicyIsChangedGoesByTheNewRules() throws Exception {
        push("v1");
        retention.set(OF_WEB, NONE_STAY);
        WatchedDataSource.Held hold = registry.database().holdCommitOf("UPDATE retention_run");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> change = threads.submit(() -> retention.set(OF_WEB, ALL_STAY));
            hold.awaitReached();
            Future<RetentionReport> run = threads.submit(() -> other.run(OF_WEB));
            LockWatch.awaitWaiting(registry.plain());
            hold.release();
            Together.get(change);
            assertThat(Together.get(run).run().rules())
                    .extracting(Retention.Rule::rule)
                    .containsExactly("keep-matching");
        } finally {
            hold.release();
        }
        assertThat(tags()).containsExactly("v1");
    }

    @Test
    void runIsEndedByAnyReplicaWhereWhoeverChangedThePolicyDied() {
        push("v1");
        retention.set(OF_WEB, HOURLY, NONE_STAY);
        onceDecided(() -> {
            throw new IllegalStateException("the worker dies");
        });
        runUntilItDies();
        registry.sql().change("UPDATE retention_policy SET rules = '{keep-matching}'");
        registry.sql().change("UPDATE retention_run SET lease_until = now() - interval '1 second'");

        assertThat(other.worker().work(WORKER)).isZero();

        assertThat(registry.sql().rows("SELECT state FROM retention_run")).containsExactly("withdrawn");
        assertThat(tags()).containsExactly("v1");
    }

    @Test
    void tagWhoseManifestIsPulledWhileTheRunIsUnderWayStays() {
        Image pulled = push("pulled");
        push("idle");
        letLeasesEnd();
        registry.sql().change("UPDATE tag SET pushed_at = pushed_at - interval '30 days'");
        retention.set(OF_WEB, "keep-pulled P7D", "keep-newer P1D");
        onceDecided(() -> registry.sql().change("""
                INSERT INTO manifest_pull (organization_id, repository_id, digest, pulls, last_pulled_at)
                SELECT organization_id, repository_id, digest, 1, now() FROM manifest WHERE digest = ?
                """, pulled.digest()));

        RetentionReport run = retention.run(OF_WEB);

        assertThat(about(run, "pulled").verdict()).isEqualTo("drop");
        assertThat(about(run, "pulled").outcome()).contains("pulled");
        assertThat(about(run, "idle").outcome()).contains("deleted");
        assertThat(tags()).containsExactly("pulled");
    }

    @Test
    void pushOfOthersDuringARunNeverLetsATagGoThatWouldBeKept() {
        push("v1");
        push("v2");
        push("v3");
        retention.set(OF_WEB, "keep-latest 1");
        onceDecided(() -> push("v1"));

        RetentionReport run = retention.run(OF_WEB);

        assertThat(about(run, "v1").outcome()).contains("pushed-again");
        assertThat(tags()).containsExactly("v1", "v3");
    }

    @Test
    void longRunLetsALaterOneHaveItsTurn() {
        IntStream.range(0, 9).forEach(i -> registry.pushImage("acme/r" + i, "v1", factory.image()));
        registry.pushImage("beta/one", "v1", factory.image());
        retention.set(OF_ACME, HOURLY, ALL_STAY);
        retention.set(organization("beta"), HOURLY, ALL_STAY);
        registry.sql().change("""
                UPDATE retention_policy SET next_at = now() - CASE
                    WHEN organization_id = (SELECT id FROM organization WHERE name = 'acme') THEN interval '1 minute'
                    ELSE interval '1 second' END
                """);

        assertThat(retention.worker().work(WORKER)).isEqualTo(2);

        assertThat(
                        registry.sql()
                                .rows(
                                        "SELECT o.name FROM retention_run r JOIN organization o ON o.id = r.organization_id ORDER BY r.started_at"))
                .containsExactly("acme", "beta");
        assertThat(
                        registry.sql()
                                .rows(
                                        "SELECT o.name FROM retention_run r JOIN organization o ON o.id = r.organization_id ORDER BY r.finished_at"))
                .containsExactly("beta", "acme");
    }

    @Test
    void onlyTheNewestPreviewsAndTheDecisionsOfTheNewestRunsAreKept() {
        push("v1");
        retention.set(OF_WEB, NONE_STAY);
        RetentionReport first = retention.run(OF_WEB);
        IntStream.range(0, RetentionRunStore.RUNS_KEPT + 2).forEach(_ -> retention.run(OF_WEB));
        registry.pushImage("acme/api", "v1", factory.image());
        IntStream.range(0, RetentionRunStore.PREVIEWS_KEPT + 3)
                .forEach(_ -> retention.preview(repository("acme/api"), ALL_STAY));

        retention.worker().work(WORKER);

        assertThat(registry.sql().number("SELECT count(*) FROM retention_run WHERE kind = 'preview'"))
                .isEqualTo(RetentionRunStore.PREVIEWS_KEPT);
        assertThat(registry.sql().number("SELECT count(*) FROM retention_run WHERE kind = 'run'"))
                .as("and the one that took something away")
                .isEqualTo(RetentionRunStore.RUNS_KEPT + 1);
        RetentionReport old =
                retention.service().run(EVERYBODY, OF_WEB, first.run().id().toString(), TestRetention.all());
        assertThat(old.run().decisionsKept()).isFalse();
        assertThat(old.decisions().items()).isEmpty();
        assertThat(old.run().deleted()).isOne();
        assertThat(retention.undo(OF_WEB, first.run().id()).run().undone()).isOne();
        assertThat(tags()).as("one in each").containsExactly("v1", "v1");
    }

    @Test
    void runsOfACollectedRepositoryGoInPieces() {
        IntStream.range(0, 5).forEach(i -> push("v" + i));
        retention.set(OF_WEB, NONE_STAY);
        retention.run(OF_WEB);
        RetentionRemovalStore removals = new RetentionRemovalStore();
        RepositoryKey key = new RepositoryKey(
                new OrganizationId(registry.sql().number("SELECT organization_id FROM repository")),
                new RepositoryId(registry.sql().number("SELECT id FROM repository")));
        long before = decisions();

        boolean more = registry.transactions().call(Durability.PROGRAM_END, tx -> removals.remove(tx, key, 3));
        assertThat(more).isTrue();
        assertThat(decisions()).isEqualTo(before - 3);
        do {
            more = registry.transactions().call(Durability.PROGRAM_END, tx -> removals.remove(tx, key, 3));
        } while (more);
        assertThat(decisions()).isZero();
        assertThat(registry.sql().number("SELECT count(*) FROM retention_run")).isZero();
    }

    @Test
    void decisionsAboutARepositoryThatIsGoneStayOnTheirPages() {
        push("v1");
        registry.pushImage("acme/api", "v1", factory.image());
        retention.set(OF_ACME, ALL_STAY);
        RetentionReport whole = retention.run(OF_ACME);
        registry.sql().change("""
                UPDATE retention_decision SET repository_id = 1
                WHERE repository_id = (SELECT id FROM repository WHERE name = 'acme/api')
                """);

        RetentionReport page = retention
                .service()
                .run(
                        EVERYBODY,
                        OF_ACME,
                        whole.run().id().toString(),
                        new RetentionService.Asked(new Listing.Asked("", 3), RetentionService.Verdicts.ALL));

        assertThat(page.decisions().items()).hasSize(3);
        assertThat(page.decisions().next()).isPresent();
        assertThat(page.decisions().items())
                .extracting(RetentionReport.Decision::repository)
                .contains(Optional.empty(), Optional.of(WEB));
    }

    @Test
    void nothingBelowARepositoryTellsTheNamesOfOthers() {
        push("v1");
        letLeasesEnd();
        retention.set(
                OF_ACME, "keep-newer PT0S repositories=acme/secret,acme/w*", "keep-matching repositories=acme/secret");

        Retention policy = retention.policies().get(EVERYBODY, OF_WEB);
        assertThat(policy.rules()).extracting(Retention.Rule::repositories).containsExactly(List.of("acme/w*"));
        assertThat(retention.policies().get(EVERYBODY, OF_ACME).rules()).hasSize(2);
        RetentionReport run = retention.run(OF_WEB);
        assertThat(run.run().state()).isEqualTo("done");
        assertThat(run.run().rules()).extracting(Retention.Rule::repositories).containsExactly(List.of("acme/w*"));
        assertThat(about(run, "v1").because()).isEqualTo("not kept by keep-newer PT0S repositories=acme/w*");
        assertThat(registry.sql().rows("SELECT why FROM event WHERE why IS NOT NULL"))
                .allSatisfy(why -> assertThat(why).doesNotContain("secret"));
    }

    private void runUntilItDies() {
        try {
            retention.run(OF_WEB);
        } catch (IllegalStateException _) {
            return;
        }
        throw new AssertionError("it did not die");
    }

    /** Does something when the run has decided and before it takes anything away. */
    private void onceDecided(Runnable work) {
        AtomicBoolean once = new AtomicBoolean(true);
        registry.database().onCommitted(done -> {
            if (done.ran("UPDATE retention_run") && isDecided() && once.getAndSet(false)) {
                work.run();
            }
        });
    }

    private boolean isDecided() {
        return registry.sql().number("SELECT count(*) FROM retention_run WHERE decided_at IS NOT NULL AND deleted = 0")
                == 1;
    }

    private long decisions() {
        return registry.sql().number("SELECT count(*) FROM retention_decision");
    }

    private Image push(String tag) {
        Image image = factory.image();
        registry.pushImage(WEB, tag, image);
        return image;
    }

    private List<String> tags() {
        return registry.sql().rows("SELECT name FROM tag ORDER BY name");
    }

    private void letLeasesEnd() {
        new Collector(registry.plain()).letTimePass();
    }
}
