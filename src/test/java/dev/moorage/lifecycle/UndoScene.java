package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.administration.Management;
import dev.moorage.administration.TestAdministration;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.lifecycle.UndoService.Undone;
import dev.moorage.metadata.EventStore;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.metadata.OrganizationHidingStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RetentionRunStore;
import dev.moorage.metadata.ReviewStore;
import dev.moorage.name.Digest;
import dev.moorage.name.Reference;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.LockWatch;
import dev.moorage.testing.Together;
import dev.moorage.testing.WatchedDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One repository on two replicas, with images to push there, and what undoes it. */
final class UndoScene implements AutoCloseable {

    static final String WEB = "acme/web";
    static final RepositoryName NAME = new RepositoryName(WEB);
    static final Tag V1 = new Tag("v1");
    static final Grant EVERYBODY = TestAdministration.everybody();

    final RegistryHarness one;
    final RegistryHarness two;
    final UndoService undo;
    final EventService events;
    final Content config;

    private final ImageFactory factory = ImageFactory.seeded(71);

    UndoScene(Path directory) {
        one = RegistryHarness.fresh(directory);
        two = one.replica();
        undo = undo(one);
        events = new EventService(TestAdministration.management(one.transactions()), new EventStore());
        config = factory.content(ImageFactory.EMPTY, new byte[] {'{', '}'});
        one.pushBlob(WEB, config.bytes());
    }

    /** The undo of a replica. */
    static UndoService undo(RegistryHarness replica) {
        Management management = TestAdministration.management(replica.transactions());
        return new UndoService(
                management,
                new EventStore(),
                new RetentionRunStore(),
                new GroupReversal(
                        new RepositoryStore(), replica.reversal(), replica.hiding(), organizationHiding(replica)),
                replica.origins());
    }

    /** What hides organizations at a replica. */
    static OrganizationHiding organizationHiding(RegistryHarness replica) {
        return new OrganizationHiding(
                new OrganizationHidingStore(), new HistoryStore(), new ReviewStore(), replica.config());
    }

    /** A manifest of the scene's one blob, another one for each name. */
    Content manifest(String name) {
        return factory.assemble(
                        ImageFactory.OCI_MANIFEST, config, List.of(), Map.of("annotations", Map.of("name", name)))
                .manifest();
    }

    Content index(Content child) {
        return factory.index(List.of(child), Map.of());
    }

    static Digest digest(Content content) {
        return RegistryHarness.digest(content.digest());
    }

    Digest push(Reference reference, Content content) {
        return one.pushManifest(WEB, reference, content).digest();
    }

    Digest push(String tag, String name) {
        return push(new Tag(tag), manifest(name));
    }

    void delete(Reference reference) {
        one.deletes().manifest(TestGrants.to(WEB), reference, Precondition.NONE);
    }

    void deleteBlob(Digest digest) {
        one.deletes().blob(TestGrants.to(WEB), digest);
    }

    /** What the newest event is called. */
    String last() {
        return one.sql()
                .rows("SELECT reference FROM event ORDER BY id DESC LIMIT 1")
                .getFirst();
    }

    /** What the event with so many newer ones is called. */
    String last(int newer) {
        return one.sql()
                .rows("SELECT reference FROM event ORDER BY id DESC LIMIT 1 OFFSET ?", newer)
                .getFirst();
    }

    Undone undo(String reference) {
        return undo.undo(EVERYBODY, NAME, reference, Optional.empty());
    }

    /** The tags as {@code name digest}. */
    List<String> tags() {
        return one.sql().rows("SELECT name, manifest_digest FROM tag ORDER BY name, manifest_digest");
    }

    Optional<Digest> names(String tag) {
        return one.sql().rows("SELECT manifest_digest FROM tag WHERE name = ?", tag).stream()
                .flatMap(text -> Digest.parse(text).stream())
                .findFirst();
    }

    boolean shows(Digest manifest) {
        return one.sql()
                        .number(
                                "SELECT count(*) FROM manifest WHERE digest = ? AND deleted_at IS NULL",
                                manifest.toString())
                == 1;
    }

    /** Everything that an undo could change. */
    List<String> state() {
        return one.sql().rows("""
                SELECT 'tag ' || name || manifest_digest FROM tag
                UNION ALL SELECT 'manifest ' || digest || (deleted_at IS NULL) FROM manifest
                UNION ALL SELECT 'link ' || digest || (deleted_at IS NULL) FROM repository_blob
                UNION ALL SELECT 'repository ' || id || (deleted_at IS NULL) FROM repository
                UNION ALL SELECT 'event ' || id FROM event
                UNION ALL SELECT 'hold ' || id FROM hold
                ORDER BY 1
                """);
    }

    /** The kinds of what stands against something. */
    static List<String> kinds(Conflict refusal) {
        List<?> conflicts = (List<?>) refusal.more().get("conflicts");
        return conflicts.stream()
                .map(conflict -> ((Map<?, ?>) conflict).get("kind").toString())
                .toList();
    }

    /** Whether both did, where the second comes when the first has all its locks and waits for it. */
    static List<String> race(RegistryHarness first, String held, Callable<?> winner, Callable<?> loser)
            throws InterruptedException {
        return race(first, held, winner, loser, () -> {});
    }

    /** The same with something that happens while the second waits. */
    static List<String> race(
            RegistryHarness first, String held, Callable<?> winner, Callable<?> loser, Runnable meanwhile)
            throws InterruptedException {
        WatchedDataSource.Held hold = first.database().holdCommitOf(held);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> won = threads.submit(() -> answer(winner));
            hold.awaitReached();
            Future<String> lost = threads.submit(() -> answer(loser));
            LockWatch.awaitWaiting(first.plain());
            meanwhile.run();
            hold.release();
            return List.of(Together.get(won), Together.get(lost));
        } finally {
            hold.release();
        }
    }

    /** What a request came to: {@code done}, or the kinds of what stood against it. */
    static String answer(Callable<?> request) throws Exception {
        try {
            request.call();
            return "done";
        } catch (Conflict refusal) {
            return String.join(" ", kinds(refusal));
        }
    }

    void checkInvariants() {
        one.checkInvariants();
    }

    @Override
    public void close() throws SQLException {
        one.close();
    }
}
