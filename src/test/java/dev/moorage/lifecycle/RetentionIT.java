package dev.moorage.lifecycle;

import static dev.moorage.lifecycle.TestRetention.EVERYBODY;
import static dev.moorage.lifecycle.TestRetention.WORKER;
import static dev.moorage.lifecycle.TestRetention.about;
import static dev.moorage.lifecycle.TestRetention.dropped;
import static dev.moorage.lifecycle.TestRetention.organization;
import static dev.moorage.lifecycle.TestRetention.repository;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.TestGrants;
import dev.moorage.administration.Listing;
import dev.moorage.administration.RetentionTarget;
import dev.moorage.administration.TestAdministration;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RetentionSchedule;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Collector;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.LockWatch;
import dev.moorage.testing.Together;
import dev.moorage.testing.WatchedDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy takes what its preview said, leaves what is needed or was touched, and nothing else is changed by it. */
class RetentionIT {

    private static final String WEB = "acme/web";
    private static final RetentionTarget OF_WEB = repository(WEB);
    private static final RetentionTarget OF_ACME = organization("acme");
    private static final String LATEST = "keep-latest 2";
    private static final String UNTAGGED = "delete-untagged PT0S";

    private final ImageFactory factory = ImageFactory.seeded(61);

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private RegistryHarness other;
    private TestRetention retention;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        other = registry.replica();
        retention = new TestRetention(registry);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void previewTellsOfEveryTagAndManifestAndTakesNothingAway() {
        Image old = push("v1");
        push("v2");
        Image last = push("v3");
        push("stable-1");
        push("stable-2");
        letLeasesEnd();

        RetentionReport preview =
                retention.preview(OF_WEB, "keep-latest 1 tags=v*", "keep-matching tags=stable*", UNTAGGED);

        assertThat(preview.run().state()).isEqualTo("done");
        assertThat(preview.decisions().items()).hasSize(10);
        assertThat(dropped(preview)).contains("v1", "v2", old.digest()).hasSize(4);
        assertThat(about(preview, "v1").because()).isEqualTo("not kept by keep-latest 1 tags=v*");
        assertThat(about(preview, "v3").because()).isEqualTo("keep-latest 1 tags=v*");
        assertThat(about(preview, "stable-1").because()).isEqualTo("keep-matching tags=stable*");
        assertThat(about(preview, old.digest()).because()).isEqualTo("untagged: " + UNTAGGED);
        assertThat(about(preview, last.digest()).because()).isEqualTo("the tag v3");
        assertThat(tags()).containsExactly("stable-1", "stable-2", "v1", "v2", "v3");
        assertThat(registry.sql().number("SELECT count(*) FROM event WHERE kind <> 'tag_created'"))
                .isZero();
    }

    @Test
    void reasonsStayShortHoweverManyLongRulesThereAre() {
        push("v1");
        letLeasesEnd();
        String patterns = IntStream.range(0, 19)
                .mapToObj(i -> "other" + "x".repeat(20) + i)
                .collect(Collectors.joining(",", "", ",v1"));
        String[] rules = IntStream.range(0, 50)
                .mapToObj(i ->
                        i % 2 == 0 ? "keep-newer PT0S tags=" + patterns : "delete-untagged PT0S repositories=acme/web")
                .toArray(String[]::new);

        RetentionReport preview = retention.preview(OF_ACME, rules);

        assertThat(dropped(preview)).hasSize(2);
        assertThat(preview.decisions().items())
                .allSatisfy(decision -> assertThat(decision.because()).hasSizeLessThan(350));
        assertThat(about(preview, "v1").because())
                .startsWith("not kept by keep-newer PT0S tags=")
                .endsWith("… and 24 more");
    }

    @Test
    void runTakesWhatItsPreviewSaidUnderOneGroupWithItsReason() {
        push("v1");
        push("v2");
        push("v3");
        letLeasesEnd();
        retention.set(OF_WEB, LATEST, UNTAGGED);
        List<String> said = dropped(retention.preview(OF_WEB, LATEST, UNTAGGED));

        RetentionReport run = retention.run(OF_WEB);

        assertThat(dropped(run)).isEqualTo(said).hasSize(2).contains("v1");
        assertThat(run.run().state()).isEqualTo("done");
        assertThat(run.run().deleted()).isEqualTo(2);
        assertThat(run.run().skipped()).isZero();
        assertThat(about(run, "v1").outcome()).contains("deleted");
        assertThat(tags()).containsExactly("v2", "v3");
        assertThat(
                        registry.sql()
                                .rows(
                                        "SELECT DISTINCT kind, actor, why, group_id FROM event WHERE why IS NOT NULL ORDER BY kind"))
                .containsExactly(
                        "manifest_deleted tester retention: untagged: delete-untagged PT0S "
                                + run.run().group(),
                        "tag_deleted tester retention: not kept by keep-latest 2 "
                                + run.run().group());
        assertThat(registry.sql().number("SELECT count(*) FROM hold WHERE kind = 'manifest' AND held_until > now()"))
                .isEqualTo(2);
        assertThat(dropped(retention.run(OF_WEB))).isEmpty();
    }

    @Test
    void bytesThatComeFreeAreThoseThatNothingElseOfTheOrganizationReferences() {
        Content shared = factory.blob(5000);
        Content inOther = factory.blob(7000);
        Content own = factory.blob(11_000);
        Image first = image(List.of(shared, inOther, own));
        Image second = image(List.of(shared, own));
        Image kept = image(List.of(shared));
        Image elsewhere = image(List.of(inOther));
        registry.pushImage(WEB, "v1", first);
        registry.pushImage(WEB, "v2", second);
        registry.pushImage(WEB, "v3", kept);
        registry.pushImage("acme/other", "v1", elsewhere);
        registry.pushImage("beta/own", "v1", image(List.of(own)));
        letLeasesEnd();

        RetentionReport preview = retention.preview(OF_WEB, "keep-latest 1", UNTAGGED);

        long configs = bytes(first.blobs().getFirst()) + bytes(second.blobs().getFirst());
        long manifests = bytes(first.manifest()) + bytes(second.manifest());
        assertThat(preview.run().drops()).isEqualTo(new RetentionReport.Drops(2, 2));
        assertThat(preview.run().frees().manifests().bytes()).isEqualTo(manifests);
        assertThat(preview.run().frees().blobs().items()).isEqualTo(3);
        assertThat(preview.run().frees().blobs().bytes()).isEqualTo(bytes(own) + configs);
        assertThat(preview.run().frees().bytes()).isEqualTo(manifests + bytes(own) + configs);

        RetentionReport all = retention.preview(OF_ACME, "keep-newer PT0S", UNTAGGED);
        assertThat(all.run().drops()).isEqualTo(new RetentionReport.Drops(4, 4));
        assertThat(all.run().frees().blobs().items()).isEqualTo(7);
    }

    @Test
    void whatAKeptIndexOrSubjectNeedsStaysAndWhatADroppedOneNeededGoes() {
        Image child = factory.image();
        Image orphan = factory.image();
        Image of = factory.image();
        registry.pushImage(WEB, child);
        registry.pushImage(WEB, orphan);
        registry.pushImage(WEB, of);
        Content keptIndex = factory.index(List.of(child.manifest()), Map.of());
        Content oldIndex = factory.index(List.of(orphan.manifest(), child.manifest()), Map.of());
        registry.pushManifest(WEB, new Tag("old"), oldIndex);
        registry.pushManifest(WEB, new Tag("new"), keptIndex);
        Image ofChild = referrer(child.manifest());
        Image ofThat = referrer(ofChild.manifest());
        Image ofOrphan = referrer(orphan.manifest());
        letLeasesEnd();
        retention.set(OF_WEB, "keep-latest 1", UNTAGGED);

        RetentionReport run = retention.run(OF_WEB);

        assertThat(dropped(run))
                .containsExactlyInAnyOrder("old", oldIndex.digest(), orphan.digest(), of.digest(), ofOrphan.digest());
        assertThat(run.run().deleted()).isEqualTo(5);
        assertThat(about(run, child.digest()).because()).isEqualTo("it belongs to " + keptIndex.digest());
        assertThat(about(run, ofThat.digest()).because()).isEqualTo("it belongs to " + keptIndex.digest());
        assertThat(registry.sql().number("SELECT count(*) FROM manifest WHERE deleted_at IS NULL"))
                .isEqualTo(4);
    }

    @Test
    void manifestsStayWithinTheirLeaseAndUntilTheyHaveBeenUntaggedForLongEnough() {
        Image young = factory.image();
        Image moved = push("v1");
        push("v2");
        letLeasesEnd();
        registry.sql().change("UPDATE manifest SET pushed_at = pushed_at - interval '30 days'");
        registry.pushImage(WEB, young);
        push("v1");
        retention.set(OF_WEB, "delete-untagged P7D");

        RetentionReport first = retention.run(OF_WEB);
        assertThat(dropped(first)).isEmpty();
        assertThat(about(first, young.digest()).because()).contains("within 25 hours");
        assertThat(about(first, moved.digest()).because()).isEqualTo("delete-untagged P7D");
        assertThat(about(first, "v2").because()).isEqualTo("no rule speaks of it");

        registry.sql().change("UPDATE event SET at = at - interval '8 days'");
        assertThat(dropped(retention.run(OF_WEB))).containsExactly(moved.digest());
    }

    @Test
    void immutableTagsAreSkippedAndTheReasonIsSaid() {
        push("v1");
        push("v2");
        push("free");
        letLeasesEnd();
        TestAdministration.rules(registry.transactions())
                .add(EVERYBODY, new OrganizationName("acme"), new TagPattern("v*"));
        retention.set(OF_WEB, "keep-newer PT0S");

        RetentionReport run = retention.run(OF_WEB);

        assertThat(dropped(run)).containsExactly("free");
        assertThat(about(run, "v1").because()).isEqualTo("it is immutable: v*");
        assertThat(tags()).containsExactly("v1", "v2");
    }

    @Test
    void whatIsTouchedBetweenDecisionAndExecutionIsSkipped() {
        Image again = push("again");
        push("moved");
        push("gone");
        push("locked");
        push("plain");
        Image untagged = factory.image();
        registry.pushImage(WEB, untagged);
        letLeasesEnd();
        retention.set(OF_WEB, "keep-newer PT0S", UNTAGGED);
        onceDecided(() -> {
            other.pushManifest(WEB, new Tag("again"), again.manifest());
            other.pushImage(WEB, "moved", factory.image());
            other.deletes().manifest(TestGrants.to(WEB), new Tag("gone"), Precondition.NONE);
            TestAdministration.rules(other.transactions())
                    .add(EVERYBODY, new OrganizationName("acme"), new TagPattern("locked"));
            other.pushManifest(WEB, RegistryHarness.digest(untagged.digest()), untagged.manifest());
        });

        RetentionReport run = retention.run(OF_WEB);

        assertThat(about(run, "again").outcome()).contains("pushed-again");
        assertThat(about(run, "moved").outcome()).contains("pushed-again");
        assertThat(about(run, "gone").outcome()).contains("gone");
        assertThat(about(run, "locked").outcome()).contains("immutable");
        assertThat(about(run, "plain").outcome()).contains("deleted");
        assertThat(about(run, untagged.digest()).outcome()).contains("touched");
        assertThat(about(run, again.digest()).outcome()).contains("tagged");
        assertThat(tags()).containsExactly("again", "locked", "moved");
    }

    @Test
    void indexThatComesForWhatWasLetGoKeepsIt() {
        Image child = factory.image();
        registry.pushImage(WEB, child);
        letLeasesEnd();
        retention.set(OF_WEB, UNTAGGED);
        onceDecided(() -> other.pushManifest(WEB, new Tag("v1"), factory.index(List.of(child.manifest()), Map.of())));

        RetentionReport run = retention.run(OF_WEB);

        assertThat(about(run, child.digest()).outcome()).contains("needed");
        assertThat(run.run().skipped()).isOne();
    }

    @Test
    void pusherOfATagThatIsGoingWaitsAndMakesItAgain() throws Exception {
        Image image = push("v1");
        letLeasesEnd();
        retention.set(OF_WEB, "keep-newer PT0S");
        WatchedDataSource.Held hold = registry.database().holdCommitOf("DELETE FROM tag");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<RetentionReport> run = threads.submit(() -> retention.run(OF_WEB));
            hold.awaitReached();
            Future<?> push = threads.submit(() -> other.pushManifest(WEB, new Tag("v1"), image.manifest()));
            LockWatch.awaitWaiting(registry.plain());
            hold.release();
            assertThat(Together.get(run).run().deleted()).isOne();
            Together.get(push);
        } finally {
            hold.release();
        }
        assertThat(tags()).containsExactly("v1");
    }

    @Test
    void manyReplicasRunAPolicyThatIsDueOnce() throws InterruptedException {
        for (int i = 0; i < 60; i++) {
            push("v" + i);
        }
        letLeasesEnd();
        retention.set(
                OF_ACME, Optional.of(new RetentionSchedule.Every(Duration.ofHours(1))), "keep-latest 3", UNTAGGED);
        TestRetention second = new TestRetention(other);
        assertThat(retention.worker().work(WORKER) + second.worker().work(WORKER))
                .isZero();
        registry.sql().change("UPDATE retention_policy SET next_at = now() - interval '1 second'");

        List<Integer> ended = Together.run(List.of(
                () -> retention.worker().work(WORKER),
                () -> second.worker().work(WORKER),
                () -> retention.worker().work(WORKER)));

        assertThat(ended.stream().mapToInt(Integer::intValue).sum()).isOne();
        assertThat(registry.sql().rows("SELECT state, deleted, skipped, actor FROM retention_run"))
                .containsExactly("done 114 0 system: retention");
        assertThat(registry.sql().number("SELECT count(*) FROM event WHERE kind = 'tag_deleted'"))
                .isEqualTo(57);
        assertThat(registry.sql()
                        .number("SELECT count(*) FROM retention_policy WHERE next_at > now() + interval '59 minutes'"))
                .isOne();
    }

    @Test
    void runOfAWorkerThatDiedIsBroughtToItsEndByAnother() {
        push("v1");
        push("v2");
        push("v3");
        letLeasesEnd();
        retention.set(OF_WEB, LATEST, UNTAGGED);
        AtomicBoolean once = new AtomicBoolean(true);
        registry.database().onCommitted(work -> {
            if (work.ran("DELETE FROM tag") && once.getAndSet(false)) {
                throw new IllegalStateException("the worker dies");
            }
        });
        assertThatThrownBy(() -> retention.run(OF_WEB)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> retention.run(OF_WEB)).isInstanceOf(Conflict.class);
        TestRetention second = new TestRetention(other);
        assertThat(second.worker().work(WORKER)).as("its lease has not ended").isZero();

        registry.sql().change("UPDATE retention_run SET lease_until = now() - interval '1 second'");
        assertThat(second.worker().work(WORKER)).isOne();

        assertThat(registry.sql().rows("SELECT state, deleted, skipped FROM retention_run"))
                .containsExactly("done 2 0");
    }

    @Test
    void ownPolicyOfARepositoryStandsInThePlaceOfItsOrganizations() {
        push("v1");
        registry.pushImage("acme/api", "v1", factory.image());
        registry.pushImage("acme/left", "v1", factory.image());
        letLeasesEnd();
        retention.set(OF_ACME, "keep-newer PT0S repositories=acme/web,acme/a*");
        retention.set(repository("acme/api"), "keep-matching");

        assertThat(retention.policies().get(EVERYBODY, OF_WEB).from()).isEqualTo("organization");
        assertThat(retention.policies().get(EVERYBODY, repository("acme/api")).from())
                .isEqualTo("repository");
        RetentionReport run = retention.run(OF_ACME);

        assertThat(run.decisions().items())
                .allSatisfy(decision -> assertThat(decision.repository()).contains(WEB));
        assertThat(dropped(run)).containsExactly("v1");
        assertThat(dropped(retention.run(repository("acme/api")))).isEmpty();
        retention.policies().remove(EVERYBODY, repository("acme/api"));
        assertThat(dropped(retention.run(repository("acme/api")))).containsExactly("v1");
        retention.policies().remove(EVERYBODY, OF_ACME);
        assertThatThrownBy(() -> retention.run(OF_WEB)).isInstanceOf(NotFound.class);
    }

    @Test
    void tagsStayWhoseManifestIsPulledOrThatWerePushedALittleBefore() {
        Image pulled = push("pulled");
        push("idle");
        letLeasesEnd();
        registry.sql().change("UPDATE tag SET pushed_at = pushed_at - interval '30 days'");
        push("pushed");
        registry.sql().change("""
                INSERT INTO manifest_pull (organization_id, repository_id, digest, pulls, last_pulled_at)
                SELECT organization_id, repository_id, digest, 1, now() - interval '6 days'
                FROM manifest WHERE digest = ?
                """, pulled.digest());

        assertThat(dropped(retention.preview(OF_WEB, "keep-pulled P7D"))).containsExactly("idle");
        assertThat(dropped(retention.preview(OF_WEB, "keep-pulled P5D"))).containsExactly("idle", "pulled");
    }

    @Test
    void decisionsAndRunsComeInPagesAndOldOnesGo() {
        push("v1");
        push("v2");
        retention.set(OF_WEB, LATEST);
        RetentionReport whole = retention.run(OF_WEB);
        String id = whole.run().id().toString();
        RetentionReport first = retention.service().run(EVERYBODY, OF_WEB, id, page("", 3));
        RetentionReport second = retention
                .service()
                .run(EVERYBODY, OF_WEB, id, page(first.decisions().next().orElseThrow(), 3));
        assertThat(first.decisions().items())
                .isEqualTo(whole.decisions().items().subList(0, 3));
        assertThat(second.decisions().items())
                .isEqualTo(whole.decisions().items().subList(3, 4));
        assertThat(second.decisions().next()).isEmpty();

        RetentionReport preview = retention.preview(OF_WEB, LATEST);
        Listing<RetentionReport.Run> runs = retention.service().runs(EVERYBODY, OF_WEB, new Listing.Asked("", 1));
        assertThat(runs.items()).containsExactly(preview.run());
        assertThat(retention
                        .service()
                        .runs(EVERYBODY, OF_WEB, new Listing.Asked(runs.next().orElseThrow(), 1))
                        .items())
                .containsExactly(whole.run());
        assertThat(retention
                        .service()
                        .runs(EVERYBODY, OF_ACME, new Listing.Asked("", 5))
                        .items())
                .isEmpty();

        registry.sql().change("UPDATE retention_run SET finished_at = finished_at - interval '2 days'");
        retention.worker().work(WORKER);
        assertThat(registry.sql().rows("SELECT kind FROM retention_run")).containsExactly("run");
        registry.sql().change("UPDATE retention_run SET finished_at = finished_at - interval '90 days'");
        retention.worker().work(WORKER);
        assertThat(registry.sql().number("SELECT count(*) FROM retention_run")).isZero();
        assertThat(registry.sql().number("SELECT count(*) FROM retention_decision"))
                .isZero();
    }

    private static RetentionService.Asked page(String after, int limit) {
        return new RetentionService.Asked(new Listing.Asked(after, limit), RetentionService.Verdicts.ALL);
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

    private Image push(String tag) {
        Image image = factory.image();
        registry.pushImage(WEB, tag, image);
        return image;
    }

    private Image image(List<Content> layers) {
        Content config = factory.json(ImageFactory.OCI_CONFIG, Map.of("name", factory.bytes(8)));
        return factory.assemble(ImageFactory.OCI_MANIFEST, config, layers, Map.of());
    }

    private static long bytes(Content content) {
        return content.bytes().length;
    }

    private Image referrer(Content subject) {
        Image artifact = factory.artifact(Optional.of("test/signature"), subject, Map.of());
        registry.pushImage(WEB, artifact);
        return artifact;
    }

    private List<String> tags() {
        return registry.sql().rows("SELECT name FROM tag ORDER BY name");
    }

    private void letLeasesEnd() {
        new Collector(registry.plain()).letTimePass();
    }
}
