package dev.moorage.lifecycle;

import static dev.moorage.lifecycle.TestRetention.EVERYBODY;
import static dev.moorage.lifecycle.TestRetention.WORKER;
import static dev.moorage.lifecycle.TestRetention.about;
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
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Collector;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run took away is put back by one request, as far as nothing stands against it, and nothing is overwritten. */
class RetentionUndoIT {

    private static final String WEB = "acme/web";
    private static final RetentionTarget OF_WEB = repository(WEB);
    private static final RetentionTarget OF_ACME = organization("acme");
    private static final String NONE_STAY = "keep-newer PT0S";
    private static final String UNTAGGED = "delete-untagged PT0S";

    private final ImageFactory factory = ImageFactory.seeded(67);

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private TestRetention retention;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        retention = new TestRetention(registry);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void everythingComesBackWithItsDatesAndGoesAgainByTheUndoOfTheUndo() {
        Image child = factory.image();
        registry.pushImage(WEB, child);
        Content index = factory.index(List.of(child.manifest()), Map.of());
        registry.pushManifest(WEB, new Tag("all"), index);
        Image signature = factory.artifact(Optional.of("test/signature"), child.manifest(), Map.of());
        registry.pushImage(WEB, signature);
        push("v1");
        letLeasesEnd();
        List<String> before = state();
        registry.sql().change("UPDATE tag SET pushed_at = pushed_at - interval '30 days'");
        registry.sql().change("UPDATE event SET at = at - interval '30 days'");
        retention.set(OF_WEB, NONE_STAY, UNTAGGED);
        RetentionReport run = retention.run(OF_WEB);
        assertThat(run.run().deleted()).isEqualTo(6);
        List<String> after = state();

        RetentionReport undo = retention.undo(OF_WEB, run.run().id());

        assertThat(undo.run().kind()).isEqualTo("undo");
        assertThat(undo.run().state()).isEqualTo("done");
        assertThat(undo.run().undoes()).contains(run.run().id());
        assertThat(undo.run().undone()).isEqualTo(6);
        assertThat(undo.run().conflicts()).isZero();
        assertThat(state()).isEqualTo(before);
        assertThat(registry.sql().number("SELECT count(*) FROM tag WHERE pushed_at < now() - interval '29 days'"))
                .isEqualTo(2);
        assertThat(registry.sql()
                        .number(
                                "SELECT count(*) FROM event WHERE group_id = ? AND undoes IS NOT NULL",
                                undo.run().group()))
                .isEqualTo(6);
        assertThat(retention.undo(OF_WEB, run.run().id()).run().undone()).isZero();

        RetentionReport again = retention.undo(OF_WEB, undo.run().id());
        assertThat(again.run().undone()).isEqualTo(6);
        assertThat(state()).isEqualTo(after);
        assertThat(retention.undo(OF_WEB, again.run().id()).run().undone()).isEqualTo(6);
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void whatSomethingStandsAgainstIsNamedAndLeftAndTheRestComesBack() {
        IntStream.range(0, 130).forEach(i -> push("v" + i));
        letLeasesEnd();
        retention.set(OF_WEB, NONE_STAY, UNTAGGED);
        RetentionReport run = retention.run(OF_WEB);
        Image other = push("v7");
        push("v100");
        registry.deletes().manifest(TestGrants.to(WEB), new Tag("v100"), Precondition.NONE);
        registry.sql().change("DELETE FROM tag WHERE name = 'v100'");

        RetentionReport undo = retention.undo(OF_WEB, run.run().id());

        assertThat(undo.run().state()).isEqualTo("done");
        assertThat(undo.run().undone()).isEqualTo(259);
        assertThat(undo.run().conflicts()).isOne();
        assertThat(undo.decisions().items()).hasSize(1);
        RetentionReport.Decision conflict = about(undo, "v7");
        assertThat(conflict.verdict()).isEqualTo("conflict");
        assertThat(conflict.outcome()).contains("tag-made-since");
        assertThat(conflict.repository()).contains(WEB);
        assertThat(registry.sql().rows("SELECT manifest_digest FROM tag WHERE name = 'v7'"))
                .containsExactly(other.digest());

        registry.deletes().manifest(TestGrants.to(WEB), new Tag("v7"), Precondition.NONE);
        RetentionReport rest = retention.undo(OF_WEB, run.run().id());
        assertThat(rest.run().undone()).isOne();
        assertThat(rest.run().conflicts()).isZero();
    }

    @Test
    void manyImagesOfManyPlatformsComeAndGoWithEachUndoOfAnUndo() {
        IntStream.range(0, 53).forEach(i -> push("v" + i));
        int early = 0;
        for (int i = 0; i < 20; i++) {
            List<Content> children = Stream.of(factory.image(), factory.image())
                    .peek(child -> registry.pushImage(WEB, child))
                    .map(Image::manifest)
                    .toList();
            Content index = factory.index(children, Map.of());
            registry.pushManifest(WEB, new Tag("all" + i), index);
            early += children.stream().anyMatch(child -> index.digest().compareTo(child.digest()) < 0) ? 1 : 0;
        }
        assertThat(early).isGreaterThan(5);
        letLeasesEnd();
        List<String> before = state();
        retention.set(OF_WEB, NONE_STAY, UNTAGGED);
        RetentionReport run = retention.run(OF_WEB);
        assertThat(run.run().deleted()).isEqualTo(186);
        List<String> after = state();

        UUID last = run.run().id();
        for (List<String> expected : List.of(before, after, before, after, before)) {
            RetentionReport undo = retention.undo(OF_WEB, last);
            assertThat(undo.decisions().items()).isEmpty();
            assertThat(undo.run().state()).isEqualTo("done");
            assertThat(undo.run().conflicts()).isZero();
            assertThat(undo.run().undone()).isEqualTo(186);
            assertThat(state()).isEqualTo(expected);
            last = undo.run().id();
        }
    }

    @Test
    void whatIsMadeAgainWhileAnUndoTriesTheRestAgainStays() {
        Image first = push("v1");
        push("w1");
        letLeasesEnd();
        retention.set(OF_WEB, NONE_STAY);
        UUID undo =
                retention.undo(OF_WEB, retention.run(OF_WEB).run().id()).run().id();
        TestAdministration.rules(registry.transactions())
                .add(EVERYBODY, new OrganizationName("acme"), new TagPattern("w*"));
        AtomicBoolean once = new AtomicBoolean(true);
        registry.database().onCommitted(work -> {
            if (work.ran("DELETE FROM tag") && once.getAndSet(false)) {
                registry.pushImage(WEB, "v1", first);
            }
        });

        RetentionReport again = retention.undo(OF_WEB, undo);

        assertThat(once).isFalse();
        assertThat(again.run().undone()).isOne();
        assertThat(again.decisions().items()).hasSize(1);
        assertThat(about(again, "w1").outcome()).contains("tag-immutable");
        assertThat(registry.sql().rows("SELECT name FROM tag ORDER BY name")).containsExactly("v1", "w1");
    }

    @Test
    void conflictsComeInPages() {
        IntStream.range(0, 5).forEach(i -> push("v" + i));
        letLeasesEnd();
        retention.set(OF_WEB, NONE_STAY);
        RetentionReport run = retention.run(OF_WEB);
        IntStream.range(0, 5).forEach(i -> push("v" + i));

        RetentionReport undo = retention.undo(OF_WEB, run.run().id());

        assertThat(undo.run().conflicts()).isEqualTo(5);
        String id = undo.run().id().toString();
        RetentionReport page = retention.service().run(EVERYBODY, OF_WEB, id, page("", 2));
        assertThat(page.decisions().items()).hasSize(2);
        RetentionReport next = retention
                .service()
                .run(EVERYBODY, OF_WEB, id, page(page.decisions().next().orElseThrow(), 3));
        assertThat(next.decisions().items()).hasSize(3);
        assertThat(next.decisions().next()).isEmpty();
    }

    @Test
    void runOfAnOrganizationIsUndoneWholeOrWhereOneRepositoryIs() {
        push("v1");
        registry.pushImage("acme/api", "v1", factory.image());
        registry.pushImage("acme/gone", "v1", factory.image());
        letLeasesEnd();
        retention.set(OF_ACME, NONE_STAY);
        UUID run = retention.run(OF_ACME).run().id();
        registry.sql().change("UPDATE repository SET deleted_at = now() WHERE name = 'acme/gone'");

        assertThat(retention.undo(OF_WEB, run).run().undone()).isOne();
        assertThat(registry.sql().rows("SELECT r.name FROM tag t JOIN repository r ON r.id = t.repository_id"))
                .containsExactly(WEB);
        RetentionReport whole = retention.undo(OF_ACME, run);

        assertThat(whole.run().undone()).isOne();
        assertThat(about(whole, "v1").outcome()).contains("repository-deleted");
        assertThat(registry.sql().number("SELECT count(*) FROM tag")).isEqualTo(2);
    }

    @Test
    void undoThatWasCutOffIsBroughtToItsEndByAnother() {
        IntStream.range(0, 60).forEach(i -> push("v" + i));
        letLeasesEnd();
        retention.set(OF_WEB, NONE_STAY);
        UUID run = retention.run(OF_WEB).run().id();
        AtomicBoolean once = new AtomicBoolean(true);
        registry.database().onCommitted(work -> {
            if (work.ran("INSERT INTO tag") && once.getAndSet(false)) {
                throw new IllegalStateException("the worker dies");
            }
        });
        assertThatThrownBy(() -> retention.undo(OF_WEB, run)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> retention.undo(OF_WEB, run)).isInstanceOf(Conflict.class);
        assertThatThrownBy(() -> retention.run(OF_WEB)).isInstanceOf(Conflict.class);

        registry.sql().change("UPDATE retention_run SET lease_until = now() - interval '1 second' WHERE kind = 'undo'");
        assertThat(retention.worker().work(WORKER)).isOne();

        assertThat(registry.sql().rows("SELECT state, deleted, skipped FROM retention_run WHERE kind = 'undo'"))
                .containsExactly("done 60 0");
        assertThat(registry.sql().number("SELECT count(*) FROM tag")).isEqualTo(60);
    }

    @Test
    void onlyWhatRanCanBeUndoneAndOnlyWhereItIs() {
        push("v1");
        retention.set(OF_WEB, NONE_STAY);
        UUID preview = retention.preview(OF_WEB, NONE_STAY).run().id();
        UUID run = retention.run(OF_WEB).run().id();

        assertThatThrownBy(() -> retention.undo(OF_WEB, preview)).isInstanceOf(Conflict.class);
        assertThatThrownBy(() -> retention.undo(OF_WEB, UUID.randomUUID())).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> retention.undo(OF_ACME, run)).isInstanceOf(NotFound.class);
        assertThat(registry.sql().number("SELECT count(*) FROM retention_run WHERE kind = 'undo'"))
                .isZero();
    }

    @Test
    void tagThatARuleKeepsIsNotTakenAwayByTheUndoOfAnUndo() {
        push("v1");
        push("w1");
        letLeasesEnd();
        retention.set(OF_WEB, NONE_STAY);
        UUID undo =
                retention.undo(OF_WEB, retention.run(OF_WEB).run().id()).run().id();
        TestAdministration.rules(registry.transactions())
                .add(EVERYBODY, new OrganizationName("acme"), new TagPattern("v*"));

        RetentionReport again = retention.undo(OF_WEB, undo);

        assertThat(about(again, "v1").outcome()).contains("tag-immutable");
        assertThat(registry.sql().rows("SELECT name FROM tag")).containsExactly("v1");
    }

    @Test
    void largeRunIsNotUndoneInOneTransactionByAnEventOfIt() {
        push("v1");
        letLeasesEnd();
        retention.set(OF_WEB, NONE_STAY);
        RetentionReport run = retention.run(OF_WEB);
        registry.sql().change("""
                INSERT INTO event (group_id, organization_id, repository_id, kind, tag, from_digest, actor, address, client)
                SELECT group_id, organization_id, repository_id, kind, tag || '-' || n, from_digest, actor, address, client
                FROM event, generate_series(1, 500) n
                WHERE group_id = ?
                """, run.run().group());
        UndoService undo = UndoScene.undo(registry);
        String event = registry.sql()
                .rows(
                        "SELECT reference FROM event WHERE group_id = ? ORDER BY id LIMIT 1",
                        run.run().group())
                .getFirst();

        assertThatThrownBy(() -> undo.undo(EVERYBODY, new RepositoryName(WEB), event, Optional.empty()))
                .isInstanceOfSatisfying(Conflict.class, refusal -> assertThat(refusal.more())
                        .containsEntry("run", run.run().id().toString()));
        assertThat(registry.sql().number("SELECT count(*) FROM tag")).isZero();
        registry.sql().change("DELETE FROM event WHERE tag LIKE 'v1-%'");
        assertThat(undo.undo(EVERYBODY, new RepositoryName(WEB), event, Optional.empty())
                        .events())
                .hasSize(1);
    }

    private static RetentionService.Asked page(String after, int limit) {
        return new RetentionService.Asked(new Listing.Asked(after, limit), RetentionService.Verdicts.ALL);
    }

    private Image push(String tag) {
        Image image = factory.image();
        registry.pushImage(WEB, tag, image);
        return image;
    }

    private List<String> state() {
        return registry.sql().rows("""
                SELECT 'tag ' || name || manifest_digest FROM tag
                UNION ALL SELECT 'manifest ' || digest || (deleted_at IS NULL) FROM manifest
                UNION ALL SELECT 'hold ' || digest FROM hold
                ORDER BY 1
                """);
    }

    private void letLeasesEnd() {
        new Collector(registry.plain()).letTimePass();
    }
}
