package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.administration.Storage;
import dev.moorage.administration.Storage.Blobs;
import dev.moorage.administration.Storage.Manifests;
import dev.moorage.administration.Storage.OrganizationStorage;
import dev.moorage.administration.Storage.RegistryReport;
import dev.moorage.administration.Storage.Report;
import dev.moorage.administration.Storage.Shared;
import dev.moorage.administration.TestAdministration;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.RepositoryHidingStore;
import dev.moorage.metadata.StorageDayStore;
import dev.moorage.metadata.StorageReportStore;
import dev.moorage.metadata.StorageWalkStore;
import dev.moorage.name.Amount;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Role;
import dev.moorage.name.StorageDay;
import dev.moorage.name.Tag;
import dev.moorage.name.UploadId;
import dev.moorage.registry.Immutability;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.Together;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each blob and each manifest is reported in one state, and what went by its day. */
class StorageIT {

    private static final Grant GRANT = Grant.system("test");
    private static final Grant EVERYBODY = TestAdministration.everybody();
    private static final OrganizationName ACME = new OrganizationName("acme");
    private static final String WEB = "acme/web";
    private static final String API = "acme/api";
    private static final Amount NONE = new Amount(0, 0);
    private static final int WINDOW = 7 * 24;
    private static final int CONFIG = 50;
    private static final int LAYER = 400;

    private final ImageFactory factory = ImageFactory.seeded(97);
    private final Content config = factory.blob(CONFIG);
    private final Content layer = factory.blob(LAYER);
    private final Image image = factory.assemble(ImageFactory.OCI_MANIFEST, config, List.of(layer), Map.of());
    private final int manifest = image.manifest().bytes().length;
    private final Amount both = new Amount(2, CONFIG + LAYER);
    private final Amount one = new Amount(1, manifest);

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(
                new FilesystemBlobStore(directory),
                Map.of(
                        "moorage.collection.batch",
                        "3",
                        "moorage.collection.delay.manifest-gone",
                        "0s",
                        "moorage.collection.delay.link-gone",
                        "0s"));
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void nothingIsReportedBeforeTheFirstReportAndTheLedgerIsExactAllTheSame() {
        registry.pushImage(WEB, "v1", image);

        assertThat(storage().organization(EVERYBODY, ACME))
                .isEqualTo(new OrganizationStorage(
                        CONFIG + LAYER + manifest, both, one, Optional.empty(), List.of(), List.of()));
        assertThat(storage().registry(EVERYBODY).report()).isEmpty();
    }

    @Test
    void whatIsPushedIsLiveAndWhatIsMountedIsSharedAndCountedOnce() {
        registry.pushImage(WEB, "v1", image);
        Digest blob = RegistryHarness.digest(layer.digest());
        registry.mounts().mount(TestGrants.to(API), blob, Optional.of(TestGrants.to(WEB)));
        registry.pushImage("other/web", "v1", image);
        registry.pushBlob("other/web", factory.bytes(30));

        Report report = report();
        assertThat(report.blobs()).isEqualTo(new Blobs(both, NONE, NONE, NONE));
        assertThat(report.manifests()).isEqualTo(new Manifests(one, NONE, NONE));
        assertThat(report.shared()).isEqualTo(new Shared(1, LAYER, LAYER));
        assertThat(report.uploads()).isEqualTo(NONE);

        RegistryReport all = registryReport();
        assertThat(all.blobs()).isEqualTo(new Blobs(both, NONE, new Amount(1, 30), NONE));
        assertThat(all.manifests()).isEqualTo(new Manifests(new Amount(2, 2L * manifest), NONE, NONE));
        assertThat(all.shared()).as("the config twice, the layer three times").isEqualTo(new Shared(2, 450, 850));
    }

    @Test
    void whatIsDeletedIsHeldUntilItIsUndoneOrItsWindowIsOver() {
        Digest digest = registry.pushImage(WEB, "v1", image);
        delete(digest);
        assertThat(report().blobs()).isEqualTo(new Blobs(NONE, both, NONE, NONE));
        assertThat(report().manifests()).isEqualTo(new Manifests(NONE, one, NONE));

        undo(last());
        assertThat(report().blobs()).isEqualTo(new Blobs(both, NONE, NONE, NONE));
        assertThat(report().manifests()).isEqualTo(new Manifests(one, NONE, NONE));

        delete(digest);
        // The lease of the links alone is over.
        TestCollection.pass(registry, WINDOW - 1);
        assertThat(report().blobs()).isEqualTo(new Blobs(NONE, both, NONE, NONE));
        TestCollection.pass(registry, 2);
        assertThat(report().blobs()).isEqualTo(new Blobs(NONE, NONE, NONE, both));
        assertThat(report().manifests()).isEqualTo(new Manifests(NONE, NONE, one));
        assertThat(registryReport().blobs()).isEqualTo(new Blobs(NONE, NONE, NONE, both));
    }

    @Test
    void whatWasCollectedIsReclaimedOnThatDayAndItsObjectsWhenTheyWent() {
        Digest digest = registry.pushImage(WEB, "v1", image);
        delete(digest);
        TestCollection.pass(registry, WINDOW + 1);
        TestCollection.collect(registry);
        assertThat(report().blobs()).isEqualTo(new Blobs(NONE, NONE, NONE, NONE));
        assertThat(report().manifests()).isEqualTo(new Manifests(NONE, NONE, NONE));
        assertThat(registryReport().tombstones()).isEqualTo(both);
        assertThat(storage().registry(EVERYBODY).removed()).isEmpty();

        TestHousekeeping.removeCondemned(registry);
        assertThat(registryReport().tombstones()).isEqualTo(NONE);
        OrganizationStorage storage = storage().organization(EVERYBODY, ACME);
        assertThat(storage.bytes()).isZero();
        assertThat(storage.reclaimed()).singleElement().satisfies(day -> {
            assertThat(day.blobs()).isEqualTo(both);
            assertThat(day.manifests()).isEqualTo(one);
        });
        assertThat(storage().registry(EVERYBODY).removed()).singleElement().satisfies(day -> assertThat(day.objects())
                .isEqualTo(both));

        registry.pushImage(WEB, "v1", image);
        TestHousekeeping.run(registry);
        assertThat(storage().organization(EVERYBODY, ACME).reclaimed())
                .as("what is added is no loss")
                .isEqualTo(storage.reclaimed());
    }

    @Test
    void blobThatOneOfSeveralManifestsOrRepositoriesStillNeedsIsLive() {
        Image other = factory.assemble(ImageFactory.OCI_MANIFEST, config, List.of(), Map.of("annotations", Map.of()));
        Digest digest = registry.pushImage(WEB, "v1", image);
        registry.pushImage(WEB, "v2", other);
        registry.pushImage(API, "v1", other);
        delete(digest);

        assertThat(report().blobs()).isEqualTo(new Blobs(new Amount(1, CONFIG), new Amount(1, LAYER), NONE, NONE));
        deleteRepository(WEB);
        assertThat(report().blobs()).isEqualTo(new Blobs(new Amount(1, CONFIG), new Amount(1, LAYER), NONE, NONE));
        assertThat(report().manifests())
                .isEqualTo(new Manifests(
                        new Amount(1, other.manifest().bytes().length),
                        new Amount(2, manifest + other.manifest().bytes().length),
                        NONE));
    }

    @Test
    void deletedRepositoryIsHeldWithAllThatIsInItAndThenReclaimable() {
        registry.pushImage(WEB, "v1", image);
        registry.pushBlob(WEB, factory.bytes(30));
        deleteRepository(WEB);
        Amount all = new Amount(3, CONFIG + LAYER + 30);
        assertThat(report().blobs()).isEqualTo(new Blobs(NONE, all, NONE, NONE));
        assertThat(report().manifests()).isEqualTo(new Manifests(NONE, one, NONE));

        TestCollection.pass(registry, WINDOW + 1);
        assertThat(report().blobs()).isEqualTo(new Blobs(NONE, NONE, NONE, all));
        assertThat(report().manifests()).isEqualTo(new Manifests(NONE, NONE, one));
        while (TestCollection.collect(registry) > 0) {
            TestHousekeeping.removeCondemned(registry);
        }
        assertThat(report().blobs()).isEqualTo(new Blobs(NONE, NONE, NONE, NONE));
        assertThat(report().manifests()).isEqualTo(new Manifests(NONE, NONE, NONE));
        assertThat(storage().organization(EVERYBODY, ACME).reclaimed())
                .singleElement()
                .satisfies(day -> assertThat(day.blobs()).isEqualTo(all));
    }

    @Test
    void contentOfADeletedOrganizationIsHeldAndNotLive() {
        delete(registry.pushImage(WEB, "v1", image));
        registry.pushImage(API, "v1", image);
        registry.pushBlob(API, factory.bytes(30));
        registry.sql().change("UPDATE organization SET deleted_at = now()");

        RegistryReport all = registryReport();
        assertThat(all.blobs()).isEqualTo(new Blobs(NONE, new Amount(3, CONFIG + LAYER + 30), NONE, NONE));
        assertThat(all.manifests()).isEqualTo(new Manifests(NONE, new Amount(2, 2L * manifest), NONE));
    }

    @Test
    void hiddenManifestThatAnIndexListsIsHeldAsLongAsTheIndex() {
        Digest child = registry.pushImage(WEB, image);
        Content index = factory.index(List.of(image.manifest()), Map.of());
        Digest parent = registry.pushManifest(WEB, new Tag("v1"), index).digest();
        registry.sql().change("UPDATE manifest SET deleted_at = now()");
        registry.sql().change("UPDATE repository_blob SET leased_at = now() - interval '2 days'");

        assertThat(report().manifests())
                .as("no hold: the index goes, its child waits for that")
                .isEqualTo(new Manifests(NONE, one, new Amount(1, index.bytes().length)));
        assertThat(report().blobs()).isEqualTo(new Blobs(NONE, both, NONE, NONE));
        assertThat(parent).isNotEqualTo(child);
        registry.sql().change("UPDATE manifest SET deleted_at = NULL");
    }

    @Test
    void blobThatNoManifestNeedsIsLeasedThenReclaimableAndHeldWhereItWasDeleted() {
        Digest kept = registry.pushBlob(WEB, factory.bytes(30));
        Digest deleted = registry.pushBlob(WEB, factory.bytes(70));
        registry.deletes().blob(TestGrants.to(WEB), deleted);
        assertThat(report().blobs()).isEqualTo(new Blobs(NONE, new Amount(1, 70), new Amount(1, 30), NONE));

        TestCollection.pass(registry, 26);
        assertThat(report().blobs()).isEqualTo(new Blobs(NONE, new Amount(1, 70), NONE, new Amount(1, 30)));
        registry.pulls().blobHead(TestGrants.to(WEB), kept);
        assertThat(report().blobs()).isEqualTo(new Blobs(NONE, new Amount(1, 70), new Amount(1, 30), NONE));
    }

    @Test
    void openUploadsAreCountedWithWhatHasCome() {
        UploadId open = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), open, RegistryHarness.chunk(factory.bytes(123)));
        registry.pushBlob(WEB, factory.bytes(30));

        assertThat(report().uploads()).isEqualTo(new Amount(1, 123));
        assertThat(registryReport().uploads()).isEqualTo(new Amount(1, 123));
    }

    @Test
    void manySlicesMakeTheSameFiguresAlsoWhenWorkersDieBetweenThem() {
        IntStream.range(0, 10).forEach(i -> registry.pushBlob("acme/r" + i, factory.bytes(100 + i)));
        IntStream.range(0, 7).forEach(i -> delete(registry.pushImage(WEB, "v" + i, factory.image())));
        Report whole = report();
        assertThat(whole.blobs().leased()).isEqualTo(new Amount(10, 1045));
        assertThat(whole.manifests().held().items()).isEqualTo(7);

        due();
        long id = registry.sql().number("SELECT id FROM storage_report WHERE organization_id IS NOT NULL");
        int steps = 0;
        while (step(registry.replica(), id) == StorageReporter.Step.ON) {
            steps++;
        }
        assertThat(steps).isGreaterThan(8);
        Report again = storage().organization(EVERYBODY, ACME).report().orElseThrow();
        assertThat(again.blobs()).isEqualTo(whole.blobs());
        assertThat(again.manifests()).isEqualTo(whole.manifests());
        assertThat(registry.sql().number("SELECT count(DISTINCT round) FROM storage_figure WHERE report_id = ?", id))
                .as("the one before is forgotten")
                .isOne();
    }

    @Test
    void reportThatTookDaysIsMadeAgainWithinADay() {
        registry.pushImage(WEB, "v1", image);
        report();
        IntStream.range(0, 10).forEach(i -> registry.pushBlob(WEB, factory.bytes(100 + i)));
        due();
        long id = registry.sql().number("SELECT id FROM storage_report WHERE organization_id IS NOT NULL");
        assertThat(step(registry, id)).isEqualTo(StorageReporter.Step.ON);
        registry.sql()
                .change("UPDATE storage_report SET started_at = started_at - interval '60 hours' WHERE id = ?", id);
        while (step(registry, id) == StorageReporter.Step.ON) {}

        assertThat(registry.sql()
                        .number(
                                "SELECT extract(epoch FROM not_before - now())::bigint FROM storage_report WHERE id = ?",
                                id))
                .isBetween(80_000L, 86_400L);
    }

    @Test
    void theLastReportIsShownWhileTheNextOneIsMade() {
        registry.pushImage(WEB, "v1", image);
        Report before = report();
        IntStream.range(0, 10).forEach(i -> registry.pushBlob(WEB, factory.bytes(100 + i)));
        due();
        long id = registry.sql().number("SELECT id FROM storage_report WHERE organization_id IS NOT NULL");
        assertThat(step(registry, id)).isEqualTo(StorageReporter.Step.ON);

        assertThat(storage().organization(EVERYBODY, ACME).report()).contains(before);
        assertThat(report().blobs().leased().items()).isEqualTo(10);
    }

    @Test
    void severalWorkersMakeEachReportOnceAndTheFiguresAreWhole() throws InterruptedException {
        for (int i = 0; i < 6; i++) {
            registry.pushBlob("org" + i + "/web", factory.bytes(100));
            for (int n = 0; n < 8; n++) {
                registry.pushBlob("org" + i + "/r" + n, factory.bytes(100));
            }
        }
        List<RegistryHarness> replicas = List.of(registry, registry.replica(), registry.replica());
        List<Integer> finished = Together.run(replicas.stream()
                .map(replica -> (Callable<Integer>) () -> reporter(replica).report(GRANT))
                .toList());
        reporter(registry).report(GRANT);

        assertThat(finished.stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(7);
        assertThat(registry.sql().rows("SELECT DISTINCT round FROM storage_report"))
                .containsExactly("2");
        for (int i = 0; i < 6; i++) {
            assertThat(storage()
                            .organization(EVERYBODY, new OrganizationName("org" + i))
                            .report()
                            .orElseThrow()
                            .blobs()
                            .leased())
                    .isEqualTo(new Amount(9, 900));
        }
    }

    @Test
    void reportThatIsOldIsMadeAgainWhenItIsReadAndAFreshOneIsNot() {
        registry.pushImage(WEB, "v1", image);
        report();
        storage().organization(EVERYBODY, ACME);
        storage().registry(EVERYBODY);
        assertThat(reporter(registry).report(GRANT)).isZero();

        registry.sql().change("UPDATE storage_report SET computed_at = computed_at - interval '2 minutes'");
        assertThat(reporter(registry).report(GRANT)).isZero();
        storage().organization(EVERYBODY, ACME);
        assertThat(reporter(registry).report(GRANT)).isOne();
        storage().registry(EVERYBODY);
        assertThat(reporter(registry).report(GRANT)).isOne();

        registry.sql()
                .change(
                        "UPDATE storage_report SET computed_at = computed_at - interval '2 minutes', took_seconds = 60");
        storage().organization(EVERYBODY, ACME);
        assertThat(reporter(registry).report(GRANT))
                .as("one that took long is not made again so soon")
                .isZero();
    }

    @Test
    void reportThatFailsDoesNotHoldUpTheOthers() {
        registry.pushBlob("acme/web", factory.bytes(30));
        registry.pushBlob("zoo/web", factory.bytes(30));
        report();
        registry.sql().change("""
                INSERT INTO storage_figure (report_id, round, figure, items, bytes)
                SELECT s.id, s.round, 'uploads', 0, 0
                FROM storage_report s JOIN organization o ON o.id = s.organization_id WHERE o.name = 'acme'
                """);
        due();
        assertThat(reporter(registry).report(GRANT))
                .as("the other organization's, and the registry's")
                .isEqualTo(2);
        assertThat(registry.sql().rows("SELECT attempts FROM storage_report WHERE not_before > now() AND attempts > 0"))
                .containsExactly("1");
        assertThat(storage().organization(EVERYBODY, ACME).report())
                .as("the last one is shown")
                .isPresent();

        registry.sql().change("DELETE FROM storage_figure WHERE figure = 'uploads'");
        due();
        assertThat(reporter(registry).report(GRANT)).isEqualTo(3);
    }

    @Test
    void daysAreForgottenAfterAMonth() {
        registry.pushBlob(WEB, factory.bytes(30));
        report();
        registry.sql().change("""
                INSERT INTO reclaimed_day (organization_id, day, blobs, blob_bytes, manifests, manifest_bytes)
                SELECT id, (now() AT TIME ZONE 'UTC')::date - days, 1, days, 0, 0
                FROM organization, generate_series(1, 40) days
                """);
        registry.sql().change("""
                INSERT INTO removed_day (day, objects, bytes)
                SELECT (now() AT TIME ZONE 'UTC')::date - days, 1, days FROM generate_series(1, 40) days
                """);
        assertThat(storage().organization(EVERYBODY, ACME).reclaimed()).hasSize(29);
        assertThat(storage().registry(EVERYBODY).removed()).hasSize(29);
        assertThat(storage()
                        .organization(EVERYBODY, ACME)
                        .reclaimed()
                        .getFirst()
                        .blobs())
                .isEqualTo(new Amount(1, 1));
        report();
        assertThat(registry.sql().number("SELECT count(*) FROM reclaimed_day")).isEqualTo(29);
        assertThat(registry.sql().number("SELECT count(*) FROM removed_day")).isEqualTo(29);
    }

    @Test
    void eachDayHasOneRowThatTheLastReportOfItHasWritten() {
        registry.pushImage(WEB, "v1", image);
        registry.pushBlob("other/web", factory.bytes(30));
        report();
        assertThat(bytesByDay()).containsExactly((long) CONFIG + LAYER + manifest);
        registry.pushBlob(API, factory.bytes(70));
        report();
        report();

        assertThat(bytesByDay()).containsExactly((long) CONFIG + LAYER + manifest + 70);
        assertThat(registry.sql().number("SELECT count(*) FROM storage_day")).isEqualTo(2);
        OrganizationStorage said = storage().organization(EVERYBODY, ACME);
        assertThat(said.days()).extracting(StorageDay::bytes).containsExactly(said.bytes());
        Grant part = TestAdministration.with(registry.sql(), Role.READER, ACME, "web");
        assertThatThrownBy(() -> storage().days(part, ACME, 90)).isInstanceOf(Forbidden.class);
    }

    @Test
    void daysAreKeptForMoreThanAYearAndForgottenInSteps() {
        registry.pushBlob(WEB, factory.bytes(30));
        report();
        registry.sql().change("""
                INSERT INTO storage_day (organization_id, day, bytes)
                SELECT id, (now() AT TIME ZONE 'UTC')::date - days, days
                FROM organization, generate_series(1, 450) days
                """);
        assertThat(bytesByDay()).hasSize(400).startsWith(30L, 1L, 2L).endsWith(399L);
        assertThat(storage().days(EVERYBODY, ACME, 90)).hasSize(90);

        report();
        assertThat(registry.sql().number("SELECT count(*) FROM storage_day")).isEqualTo(421);
        report();
        assertThat(registry.sql().number("SELECT count(*) FROM storage_day")).isEqualTo(400);
        report();
        assertThat(registry.sql().number("SELECT count(*) FROM storage_day")).isEqualTo(400);
    }

    private List<Long> bytesByDay() {
        return storage().organization(EVERYBODY, ACME).days().stream()
                .map(StorageDay::bytes)
                .toList();
    }

    @Test
    void reportsAndDaysGoWithTheirOrganization() {
        registry.sql().change("INSERT INTO organization (name) VALUES ('gone')");
        reporter(registry).report(GRANT);
        assertThat(registry.sql().number("SELECT count(*) FROM storage_day")).isOne();
        registry.sql().change("DELETE FROM organization");
        assertThat(registry.sql().number("SELECT count(*) FROM storage_report")).isOne();
        assertThat(registry.sql().number("SELECT count(*) FROM storage_day")).isZero();
        registry.pushBlob(WEB, factory.bytes(30));
    }

    /** What is said of acme now. */
    private Report report() {
        make();
        return storage().organization(EVERYBODY, ACME).report().orElseThrow();
    }

    /** What is said of the registry now. */
    private RegistryReport registryReport() {
        make();
        // The sums of all organizations are of the reports before this one.
        make();
        return storage().registry(EVERYBODY).report().orElseThrow();
    }

    private void make() {
        due();
        reporter(registry).report(GRANT);
    }

    private void due() {
        registry.sql().change("UPDATE storage_report SET not_before = now()");
    }

    private static StorageReporter reporter(RegistryHarness replica) {
        return new StorageReporter(
                replica.transactions(),
                new StorageReportStore(),
                new StorageWalkStore(),
                new StorageDayStore(),
                replica.config());
    }

    private static StorageReporter.Step step(RegistryHarness replica, long report) {
        return replica.transactions()
                .call(Durability.PROGRAM_END, tx -> reporter(replica).step(tx, report));
    }

    private Storage storage() {
        return TestAdministration.storage(registry.transactions());
    }

    private void delete(Digest digest) {
        registry.deletes().manifest(TestGrants.to(WEB), digest, Precondition.NONE);
    }

    private void deleteRepository(String name) {
        new RepositoryDeletionService(
                        TestAdministration.management(registry.transactions()),
                        registry.transactions(),
                        new RepositoryHidingStore(),
                        registry.hiding(),
                        registry.origins())
                .delete(EVERYBODY, new RepositoryName(name), Immutability.ENFORCED, Optional.empty());
    }

    /** What the newest event is called. */
    private String last() {
        return registry.sql()
                .rows("SELECT reference FROM event ORDER BY id DESC LIMIT 1")
                .getFirst();
    }

    private void undo(String event) {
        UndoScene.undo(registry).undo(EVERYBODY, new RepositoryName(WEB), event, Optional.empty());
    }
}
