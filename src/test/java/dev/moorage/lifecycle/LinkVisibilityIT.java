package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.access.Grant;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.LinkVisibilityStore;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Visibility;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.Together;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount without a source finds what is public elsewhere, soon after it became so and never after it ceased to be. */
class LinkVisibilityIT {

    private static final Grant GRANT = Grant.system("test");
    private static final RepositoryName WEB = new RepositoryName("acme/web");

    private final ImageFactory factory = ImageFactory.seeded(53);

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void linksFollowTheirRepositoryThereAndBack() {
        Digest first = push();
        Digest second = push();
        Digest elsewhere = registry.pushBlob("acme/other", factory.bytes(100));
        assertThat(follow()).as("nothing has changed").isZero();

        set(Visibility.PUBLIC);
        assertThat(List.of(seen(first), seen(second))).containsOnly(false);
        assertThat(follow()).isOne();
        assertThat(List.of(seen(first), seen(second))).containsOnly(true);
        assertThat(seen(elsewhere)).isFalse();
        assertThat(follow()).isZero();

        set(Visibility.PRIVATE);
        assertThat(List.of(seen(first), seen(second)))
                .as("what is private is found by nobody from then on")
                .containsOnly(false);
        assertThat(follow()).isOne();
        assertThat(registry.sql().number("SELECT count(*) FROM repository_blob WHERE in_public"))
                .isZero();
    }

    @Test
    void aLinkThatIsMadeInAPublicRepositoryIsFoundAtOnce() {
        push();
        set(Visibility.PUBLIC);
        Digest late = push();

        assertThat(seen(late)).isTrue();
        follow();
        assertThat(seen(late)).isTrue();
    }

    @Test
    void aChangeOfOtherThingsMakesNoWork() {
        push();
        change(Visibility.PRIVATE, "about it");

        assertThat(follow()).isZero();
    }

    @Test
    void manyLinksFollowInManyTransactions() {
        push();
        registry.sql().change("""
                INSERT INTO blob (digest, size, storage_key)
                SELECT 'sha256:' || encode(sha256(i::text::bytea), 'hex'), 1, 'blobs/none/' || i FROM generate_series(1, 2200) i
                """);
        registry.sql().change("""
                INSERT INTO repository_blob (organization_id, repository_id, digest)
                SELECT r.organization_id, r.id, b.digest FROM repository r, blob b WHERE b.storage_key LIKE 'blobs/none/%'
                """);
        set(Visibility.PUBLIC);
        List<Integer> transactions = new ArrayList<>();
        registry.database()
                .onCommitted(work -> transactions.add(work.statements().size()));
        follow();

        assertThat(transactions).hasSizeGreaterThan(5);
        assertThat(registry.sql().number("SELECT count(*) FROM repository_blob WHERE NOT in_public"))
                .isZero();
        registry.sql()
                .change(
                        "DELETE FROM repository_blob WHERE digest IN (SELECT digest FROM blob WHERE storage_key LIKE 'blobs/none/%')");
        registry.sql().change("DELETE FROM blob WHERE storage_key LIKE 'blobs/none/%'");
    }

    @Test
    void manyFollowWhileTheVisibilityChangesAndBlobsArePushed() throws InterruptedException {
        RegistryHarness two = registry.replica();
        registry.begin(WEB.value());
        AtomicBoolean pushing = new AtomicBoolean(true);
        Callable<Integer> follower = () -> {
            int followed = 0;
            while (pushing.get()) {
                followed += follow();
            }
            return followed;
        };
        Callable<Integer> changer = () -> {
            int changes = 0;
            while (pushing.get()) {
                set(changes % 2 == 0 ? Visibility.PUBLIC : Visibility.PRIVATE);
                changes++;
            }
            return changes;
        };
        List<Callable<Integer>> pushers = IntStream.range(0, 3)
                .mapToObj(
                        i -> Stream.generate(() -> factory.bytes(64)).limit(15).toList())
                .map(blobs -> (Callable<Integer>) () -> {
                    blobs.forEach(bytes -> two.pushBlob(WEB.value(), bytes));
                    return blobs.size();
                })
                .toList();
        Callable<Integer> allPushers = () -> {
            try {
                Together.run(pushers);
            } finally {
                pushing.set(false);
            }
            return 0;
        };
        Together.run(List.of(follower, follower, changer, allPushers));

        follow();
        assertThat(registry.sql().number("SELECT count(*) FROM repository WHERE links_stale_since IS NOT NULL"))
                .isZero();
        assertThat(registry.sql().number("""
                SELECT count(*) FROM repository_blob l JOIN repository r ON r.id = l.repository_id
                WHERE l.in_public <> (r.visibility = 'public')
                """)).isZero();
    }

    private Digest push() {
        return registry.pushBlob(WEB.value(), factory.bytes(100));
    }

    /** Whether somebody of another organization finds it who names no source. */
    private boolean seen(Digest digest) {
        return registry.transactions()
                .read(tx -> new LinkStore().visibleTo(tx, new OrganizationName("other"), List.of(), digest));
    }

    private void set(Visibility visibility) {
        change(visibility, "");
    }

    private void change(Visibility visibility, String description) {
        RepositoryListStore repositories = new RepositoryListStore();
        registry.transactions().run(Durability.POWER_CUT, tx -> {
            RepositoryListStore.Row row =
                    repositories.find(tx, WEB, RepositoryListStore.Lock.CHANGE).orElseThrow();
            repositories.change(tx, row.key(), visibility, description);
        });
    }

    private int follow() {
        return new LinkVisibility(registry.transactions(), new LinkVisibilityStore()).follow(GRANT);
    }
}
