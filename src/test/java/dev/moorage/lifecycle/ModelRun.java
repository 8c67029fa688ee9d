package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.lifecycle.ModelRepository.Sight;
import dev.moorage.metadata.UsageStore;
import dev.moorage.name.Digest;
import dev.moorage.name.Reference;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ten writers on two replicas, two collectors, and a clock that runs fast: everything that they are told is compared with a
 * model in memory, and at the end all that is left.
 */
final class ModelRun {

    private static final int WRITERS = 10;
    private static final int COLLECTORS = 2;
    private static final int ROUNDS_TO_END = 30;
    private static final Grant GRANT = Grant.system("test");
    /** Below and above what leases and undo windows last, so that each ends at times. */
    private static final List<Integer> HOURS = List.of(1, 5, 20, 24, 26, 26, 50, 120, 170);

    private final long seed;
    private final RegistryHarness first;
    private final RegistryHarness second;
    private final Sql sql;
    private final ModelClock clock;
    private final ModelTally tally;
    private final Random random;
    private final AtomicReference<AssertionError> failure = new AtomicReference<>();
    private final AtomicInteger untilTimePasses = new AtomicInteger(50);
    private final Runnable whenTimePasses;
    private final List<ModelShared> shared;
    private final List<ModelRepository> owned = new ArrayList<>();
    private final List<ModelOwner> owners = new ArrayList<>();
    private final List<ModelSharer> sharers = new ArrayList<>();
    private final List<ModelWriter> writers = new ArrayList<>();

    ModelRun(long seed, RegistryHarness registry, ModelTally tally, Runnable whenTimePasses) {
        this.seed = seed;
        this.first = registry;
        this.second = registry.replica();
        this.sql = registry.sql();
        this.clock = new ModelClock(registry);
        this.tally = tally;
        this.random = new Random(seed);
        this.whenTimePasses = whenTimePasses;
        ModelContent common = ModelContent.common(seed);
        shared = Stream.of("acme/shared", "common/shared")
                .map(name -> new ModelShared(name, common))
                .toList();
        IntStream.range(0, WRITERS).forEach(number -> hire(number, common));
        owned.forEach(repository -> clock.tell(repository::passed));
    }

    private void hire(int number, ModelContent common) {
        ModelContent content = common.and(seed * WRITERS + number + 1);
        ModelWriter writer =
                new ModelWriter(number, number % 2 == 0 ? first : second, content, seed * WRITERS + number, tally);
        List<ModelRepository> own = names(number)
                .map(name -> new ModelRepository(name, content, clock.now()))
                .toList();
        List<String> foreign = Stream.concat(
                        IntStream.range(0, WRITERS)
                                .filter(other -> other != number)
                                .boxed()
                                .flatMap(ModelRun::names),
                        shared.stream().map(ModelShared::name))
                .toList();
        writers.add(writer);
        owned.addAll(own);
        owners.add(new ModelOwner(writer, own, foreign));
        sharers.add(new ModelSharer(writer, shared));
    }

    /** One in an organization of many, and one in an organization of his own. */
    private static Stream<String> names(int number) {
        return Stream.of("acme/writer" + number, "writer%d/app".formatted(number));
    }

    /** Works for some time, and then demands everything of what is left. */
    void run(Duration length) throws InterruptedException {
        // An upload makes its repository.
        Stream.concat(owned.stream().map(ModelRepository::name), shared.stream().map(ModelShared::name))
                .forEach(first::begin);
        long end = System.nanoTime() + length.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ModelComplaints complaints = ModelComplaints.listen()) {
            List<Future<?>> working = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int number = i;
                working.add(threads.submit(guarded(number, () -> write(number, end))));
            }
            List<Future<?>> collecting = new ArrayList<>();
            AtomicInteger over = new AtomicInteger();
            for (int i = 0; i < COLLECTORS; i++) {
                RegistryHarness replica = i == 0 ? first : second;
                collecting.add(threads.submit(guarded(WRITERS, () -> collect(replica, over))));
            }
            await(working);
            over.set(1);
            await(collecting);
            demandNoFailure();
            guarded(WRITERS, () -> {
                        demandAllOfTheModel();
                        end();
                        demandNothingElseIsLeft();
                        return true;
                    })
                    .call();
            demandNoFailure();
            complaints.demandNone();
        } catch (AssertionError | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void await(List<Future<?>> all) throws InterruptedException {
        for (Future<?> one : all) {
            try {
                one.get();
            } catch (java.util.concurrent.ExecutionException e) {
                throw new AssertionError(e.getCause());
            }
        }
    }

    private Callable<Boolean> guarded(int number, Callable<Boolean> work) {
        return () -> {
            try {
                return work.call();
            } catch (Exception | AssertionError e) {
                String story = number < WRITERS ? writers.get(number).story() : "after the writers, or a collector";
                failure.compareAndSet(
                        null,
                        new AssertionError(
                                "%s%n  seed %d, after %d hours%n  %s".formatted(e, seed, clock.now(), story), e));
                return false;
            }
        };
    }

    private void demandNoFailure() {
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private boolean write(int number, long end) {
        ModelWriter writer = writers.get(number);
        while (System.nanoTime() < end && failure.get() == null) {
            clock.operate(() -> {
                if (writer.chance(75)) {
                    owners.get(number).step();
                } else {
                    sharers.get(number).step();
                }
            });
            if (untilTimePasses.decrementAndGet() == 0) {
                letTimePass();
            }
        }
        return true;
    }

    private void letTimePass() {
        clock.pass(HOURS.get(random.nextInt(HOURS.size())));
        tally.count("time-passes");
        whenTimePasses.run();
        untilTimePasses.set(20 + random.nextInt(80));
    }

    private boolean collect(RegistryHarness replica, AtomicInteger over) throws InterruptedException {
        while (over.get() == 0 && failure.get() == null) {
            clock.collect(() -> collectOnce(replica));
        }
        return true;
    }

    /** What a replica does by itself. */
    private void collectOnce(RegistryHarness replica) {
        TestHousekeeping.reaper(replica).reap(GRANT);
        tally.count("collect");
        tally.count("collected", TestCollection.collect(replica));
        tally.count(
                "objects-removed",
                TestHousekeeping.remover(replica, replica.store()).sweep(GRANT));
        new UsageFolder(replica.transactions(), new UsageStore()).fold(GRANT);
    }

    private void demandAllOfTheModel() {
        first.checkInvariants();
        for (int i = 0; i < WRITERS; i++) {
            ModelOwner owner = owners.get(i);
            owned.subList(2 * i, 2 * i + 2).forEach(owner::lookAtAll);
        }
        shared.forEach(this::demandShared);
    }

    /** Everything is old, and is collected until nothing is due. */
    private void end() {
        sql.change("UPDATE upload SET lease_until = NULL");
        for (int round = 0; round < ROUNDS_TO_END && !isEnded(); round++) {
            clock.pass(200);
            collectOnce(round % 2 == 0 ? first : second);
        }
        if (!isEnded()) {
            throw new AssertionError("it is not ended: " + waiting());
        }
    }

    private boolean isEnded() {
        return waiting().isEmpty();
    }

    private List<String> waiting() {
        return sql.rows("""
                SELECT 'review', kind, repository_id, digest, because, attempts FROM review
                UNION ALL SELECT 'hold', kind, repository_id, digest, NULL, NULL FROM hold
                UNION ALL SELECT 'upload', id::text, NULL, NULL, NULL, NULL FROM upload
                UNION ALL SELECT 'tombstone', storage_key, NULL, NULL, NULL, attempts FROM tombstone
                """);
    }

    private void demandNothingElseIsLeft() {
        first.checkInvariants();
        none("a hidden manifest is left", "SELECT repository_id, digest FROM manifest WHERE deleted_at IS NOT NULL");
        none("a link that no manifest needs is left", """
                SELECT l.repository_id, l.digest
                FROM repository_blob l
                WHERE NOT EXISTS (
                    SELECT
                    FROM manifest_blob r
                    WHERE (r.organization_id, r.repository_id, r.blob_digest)
                        = (l.organization_id, l.repository_id, l.digest))
                """);
        none("a blob without a link is left", """
                SELECT digest FROM blob b
                WHERE NOT EXISTS (SELECT FROM repository_blob l WHERE l.digest = b.digest)
                """);
        long objects = first.store().list(Optional.empty(), Integer.MAX_VALUE).size();
        same("objects of the store", Set.of(objects), Set.of(sql.number("SELECT count(*) FROM blob")));
        for (int i = 0; i < WRITERS; i++) {
            ModelContent content = writers.get(i).content;
            ModelOwner owner = owners.get(i);
            owned.subList(2 * i, 2 * i + 2).forEach(repository -> {
                demandExactly(repository, content);
                owner.lookAtAll(repository);
            });
        }
        shared.forEach(this::demandShared);
    }

    private void demandExactly(ModelRepository repository, ModelContent content) {
        Set<String> manifests = new HashSet<>();
        Set<String> links = new HashSet<>();
        for (Digest digest : repository.live()) {
            manifests.add(digest.toString());
            content.manifest(digest).blobs().forEach(blob -> {
                links.add(blob.toString());
                if (repository.sight(blob) != Sight.SHOWN) {
                    throw new AssertionError("the model itself is wrong about " + blob);
                }
            });
        }
        same("manifests of " + repository.name(), rowsOf("manifest", repository.name()), manifests);
        same("links of " + repository.name(), rowsOf("repository_blob", repository.name()), links);
    }

    private Set<String> rowsOf(String table, String repository) {
        return new HashSet<>(sql.rows("""
                SELECT m.digest
                FROM repository r
                JOIN %s m ON (m.organization_id, m.repository_id) = (r.organization_id, r.id)
                WHERE r.name = ?
                """.formatted(table), repository));
    }

    /** What was acknowledged is in the history, as often as it was; what the tags name and all that lives streams. */
    private void demandShared(ModelShared repository) {
        Set<String> missing = new HashSet<>(repository.pushed());
        missing.removeAll(new HashSet<>(events(repository, "e.tag || ' ' || e.to_digest", "e.to_digest IS NOT NULL")));
        if (!missing.isEmpty()) {
            throw new AssertionError("acknowledged, and not in the history: " + missing);
        }
        for (String kind : List.of("manifest_deleted", "blob_deleted")) {
            same("acknowledged and recorded: " + kind, Set.of(repository.done().of(kind)), Set.of((long)
                    events(repository, "e.id", "e.kind = '%s' AND e.undoes IS NULL".formatted(kind))
                            .size()));
        }
        same("acknowledged and recorded undos", Set.of(repository.done().of("undo")), Set.of((long)
                new HashSet<>(events(repository, "e.group_id", "e.undoes IS NOT NULL")).size()));
        for (String row : sql.rows("""
                SELECT m.digest
                FROM repository r
                JOIN manifest m ON (m.organization_id, m.repository_id) = (r.organization_id, r.id)
                WHERE r.name = ? AND m.deleted_at IS NULL
                """, repository.name())) {
            demandWhole(repository, RegistryHarness.digest(row));
        }
    }

    private void demandWhole(ModelShared repository, Digest digest) {
        Reference reference = digest;
        same(
                "manifest",
                Set.of(digest),
                Set.of(ModelReader.manifest(second, repository.name(), reference)
                        .orElseThrow()));
        repository.content().manifest(digest).blobs().forEach(blob -> {
            if (!ModelReader.blob(second, repository.name(), blob)) {
                throw new AssertionError("%s in %s lacks %s".formatted(digest, repository.name(), blob));
            }
        });
    }

    private List<String> events(ModelShared repository, String columns, String condition) {
        return sql.rows("""
                SELECT %s
                FROM repository r
                JOIN event e ON (e.organization_id, e.repository_id) = (r.organization_id, r.id)
                WHERE r.name = ? AND %s
                """.formatted(columns, condition), repository.name());
    }

    private void none(String complaint, String query) {
        List<String> rows = sql.rows(query);
        if (!rows.isEmpty()) {
            throw new AssertionError(complaint + ": " + rows);
        }
    }

    private static <T> void same(String what, Set<T> found, Set<T> expected) {
        if (!found.equals(expected)) {
            Comparator<T> order = Comparator.comparing(Object::toString);
            throw new AssertionError("%s: %s, not %s"
                    .formatted(
                            what,
                            found.stream().sorted(order).toList(),
                            expected.stream().sorted(order).toList()));
        }
    }
}
