package dev.moorage.lifecycle;

import static dev.moorage.lifecycle.UndoScene.EVERYBODY;
import static dev.moorage.lifecycle.UndoScene.NAME;
import static dev.moorage.lifecycle.UndoScene.V1;
import static dev.moorage.lifecycle.UndoScene.WEB;
import static dev.moorage.lifecycle.UndoScene.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Limit;
import dev.moorage.access.TestGrants;
import dev.moorage.administration.TestAdministration;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.lifecycle.RestoreService.Asked;
import dev.moorage.lifecycle.RestoreService.Mode;
import dev.moorage.lifecycle.RestoreService.Restored;
import dev.moorage.lifecycle.RestoreService.RestoredTag;
import dev.moorage.metadata.EventStore;
import dev.moorage.metadata.OrganizationStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RestoreStore;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Role;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.Immutability;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Collector;
import dev.moorage.testing.ImageFactory.Content;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tags name again what they named at a point in time, all of them or none. */
class RestoreIT {

    private static final OrganizationName ACME = new OrganizationName("acme");

    @TempDir
    private Path directory;

    private UndoScene scene;
    private RestoreService restores;

    @BeforeEach
    void start() {
        scene = new UndoScene(directory);
        restores = restores(scene.one);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        scene.checkInvariants();
        scene.close();
    }

    @Test
    void tagsNameWhatTheyNamedAndOneUndoTakesItBack() {
        Digest first = scene.push("v1", "first");
        Digest third = scene.push("v3", "third");
        scene.push("v4", "fourth");
        List<String> then = scene.tags();
        Instant at = Instant.now();
        Digest second = scene.push("v1", "second");
        scene.push("v1", "again");
        scene.push("v2", "second");
        scene.delete(third);
        scene.push("v4", "other");
        scene.push("v4", "fourth");
        List<String> now = scene.tags();

        Restored preview = restores.restore(EVERYBODY, NAME, asked(at, Mode.PREVIEW));
        assertThat(scene.tags()).isEqualTo(now);
        assertThat(preview.conflicts()).isEmpty();
        assertThat(preview.tags())
                .containsExactly(
                        new RestoredTag(
                                WEB,
                                "v1",
                                Optional.of(digest(scene.manifest("again")).toString()),
                                Optional.of(first.toString())),
                        new RestoredTag(WEB, "v2", Optional.of(second.toString()), Optional.empty()),
                        new RestoredTag(WEB, "v3", Optional.empty(), Optional.of(third.toString())));

        assertThat(restores.restore(EVERYBODY, NAME, asked(at, Mode.CARRY_OUT))).isEqualTo(preview);
        assertThat(scene.tags()).isEqualTo(then);
        assertThat(scene.shows(third)).isTrue();

        scene.undo(scene.last());
        assertThat(scene.tags()).isEqualTo(now);
        assertThat(scene.shows(third)).isFalse();
    }

    @Test
    void previewChangesNothing() {
        scene.push("v1", "first");
        Instant at = Instant.now();
        scene.delete(scene.push("v1", "second"));
        List<String> before = scene.state();

        restores.restore(EVERYBODY, NAME, asked(at, Mode.PREVIEW));

        assertThat(scene.state()).isEqualTo(before);
    }

    @Test
    void onlyTagsOfThePatternsAreTouched() {
        Digest first = scene.push("v1", "first");
        scene.push("latest", "first");
        Instant at = Instant.now();
        scene.push("v1", "second");
        Digest second = scene.push("latest", "second");

        restores.restore(
                EVERYBODY,
                NAME,
                new Asked(at, List.of(new TagPattern("v*")), Mode.CARRY_OUT, Optional.of("the build was broken")));

        assertThat(scene.names("v1")).contains(first);
        assertThat(scene.names("latest")).contains(second);
        assertThat(scene.one.sql().rows("SELECT why FROM event ORDER BY id DESC LIMIT 1"))
                .containsExactly("the build was broken");
    }

    @Test
    void whatWasDeletedSinceComesBackWithAllThatItNeeds() {
        Content child = scene.manifest("child");
        scene.push(digest(child), child);
        Content index = scene.index(child);
        scene.push(V1, index);
        Instant at = Instant.now();
        scene.delete(digest(index));
        scene.delete(digest(child));
        scene.deleteBlob(digest(scene.config));

        restores.restore(EVERYBODY, NAME, asked(at, Mode.CARRY_OUT));

        assertThat(scene.names("v1")).contains(digest(index));
        assertThat(scene.shows(digest(child))).isTrue();
        assertThat(scene.one.sql().number("SELECT count(*) FROM repository_blob WHERE deleted_at IS NULL"))
                .isOne();
    }

    @Test
    void whatIsGoneForGoodIsAConflictAndNothingElseIsRestored() {
        Digest first = scene.push("v1", "first");
        scene.push("v2", "second");
        Instant at = Instant.now();
        scene.push("v2", "third");
        scene.delete(first);
        Collector collector = new Collector(scene.one.plain());
        collector.letTimePass();
        assertThat(collector.manifest(WEB, first.toString())).isEqualTo(Collector.Outcome.TAKEN);
        List<String> before = scene.state();

        assertThat(restores.restore(EVERYBODY, NAME, asked(at, Mode.PREVIEW)).conflicts())
                .singleElement()
                .extracting(conflict -> conflict.get("kind"))
                .isEqualTo("manifest-gone");
        Conflict refusal = catchThrowableOfType(
                Conflict.class, () -> restores.restore(EVERYBODY, NAME, asked(at, Mode.CARRY_OUT)));
        assertThat(UndoScene.kinds(refusal)).containsExactly("manifest-gone");
        assertThat(scene.state()).isEqualTo(before);
    }

    @Test
    void immutableTagIsToldOfAndNotRestored() {
        scene.push("v1", "first");
        Instant at = Instant.now();
        scene.push("v1", "second");
        TestAdministration.rules(scene.one.transactions()).add(EVERYBODY, NAME, new TagPattern("v*"));

        assertThat(restores.restore(EVERYBODY, NAME, asked(at, Mode.PREVIEW)).conflicts())
                .singleElement()
                .extracting(conflict -> conflict.get("kind"))
                .isEqualTo("tag-immutable");
        assertThatThrownBy(() -> restores.restore(EVERYBODY, NAME, asked(at, Mode.CARRY_OUT)))
                .isInstanceOf(Forbidden.class);
    }

    @Test
    void timeLiesWithinTheWindow() {
        Instant now = Instant.now();
        for (Instant at : List.of(now.plus(Duration.ofHours(1)), now.minus(Duration.ofDays(8)))) {
            assertThatThrownBy(() -> restores.restore(EVERYBODY, NAME, asked(at, Mode.PREVIEW)))
                    .isInstanceOf(Invalid.class);
        }
        scene.one.sql().change("UPDATE organization SET undo_window_seconds = 86400 * 9");
        restores.restore(EVERYBODY, NAME, asked(now.minus(Duration.ofDays(8)), Mode.PREVIEW));
    }

    @Test
    void organizationIsRestoredAsAWholeAndOneUndoTakesItBack() {
        Digest first = scene.push("v1", "first");
        scene.one.pushBlob("acme/api", scene.config.bytes());
        scene.one.pushManifest("acme/api", V1, scene.manifest("first"));
        Instant at = Instant.now();
        scene.push("v1", "second");
        scene.one.pushManifest("acme/api", V1, scene.manifest("third"));
        List<String> now = scene.tags();

        Restored restored = restores.restore(EVERYBODY, ACME, asked(at, Mode.CARRY_OUT));

        assertThat(restored.tags()).extracting(RestoredTag::repository).containsExactly("acme/api", WEB);
        assertThat(Stream.of(WEB, "acme/api").map(name -> scene.one
                        .pulls()
                        .manifestHead(TestGrants.to(name), V1)
                        .digest()))
                .containsOnly(first);
        assertThat(scene.one
                        .sql()
                        .number(
                                "SELECT count(DISTINCT group_id) FROM event WHERE to_digest = ? AND from_digest IS NOT NULL",
                                first.toString()))
                .isOne();

        scene.undo.undo(EVERYBODY, ACME, scene.last(), Optional.empty());
        assertThat(scene.tags()).isEqualTo(now);
    }

    @Test
    void restoreSaysWhatItUndoesWhereThatIsOneMove() {
        scene.push("v1", "first");
        scene.push("v2", "first");
        Instant at = Instant.now();
        scene.push("v1", "second");
        String moved = scene.last();
        scene.push("v2", "second");
        scene.push("v2", "third");

        restores.restore(EVERYBODY, NAME, asked(at, Mode.CARRY_OUT));

        assertThat(scene.one.sql().rows("""
                        SELECT e.tag, u.reference
                        FROM event e
                        LEFT JOIN event u ON u.id = e.undoes
                        ORDER BY e.id DESC
                        LIMIT 2
                        """)).containsExactlyInAnyOrder("v1 " + moved, "v2 -");
    }

    @Test
    void repositoryThatIsDeletedMeanwhileIsAConflictOfTheOrganizationsRestore() throws InterruptedException {
        scene.push("v1", "first");
        Instant at = Instant.now();
        scene.push("v1", "second");

        List<String> answers = UndoScene.race(
                scene.one,
                "UPDATE repository",
                () -> {
                    RepositoryDeletionIT.deletion(scene.one)
                            .delete(EVERYBODY, NAME, Immutability.ENFORCED, Optional.empty());
                    return true;
                },
                () -> restores(scene.two).restore(EVERYBODY, ACME, asked(at, Mode.CARRY_OUT)));

        assertThat(answers).containsExactly("done", "repository-deleted");
    }

    @Test
    void restoreIsForMaintainersAndTheOthersLearnNothing() {
        Instant at = Instant.now();
        scene.one.begin("other/web");
        Grant writer = TestAdministration.with(scene.one.sql(), Role.WRITER, ACME, "");
        Grant ofOnePart = TestAdministration.with(scene.one.sql(), Role.MAINTAINER, ACME, "web");
        Grant stranger = TestAdministration.with(scene.one.sql(), Role.OWNER, new OrganizationName("other"), "");

        assertThatThrownBy(() -> restores.restore(writer, NAME, asked(at, Mode.PREVIEW)))
                .isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> restores.restore(ofOnePart, ACME, asked(at, Mode.PREVIEW)))
                .isInstanceOf(Forbidden.class);
        restores.restore(ofOnePart, NAME, asked(at, Mode.PREVIEW));
        assertThatThrownBy(() -> restores.restore(stranger, NAME, asked(at, Mode.PREVIEW)))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> restores.restore(stranger, ACME, asked(at, Mode.PREVIEW)))
                .isInstanceOf(NotFound.class);
    }

    @Test
    void restoreDemandsATokenForPushAndForDelete() {
        Instant at = Instant.now();
        for (Action missing : List.of(Action.PUSH, Action.DELETE)) {
            Limit limit = new Limit(RepositoryPrefix.ALL, EnumSet.complementOf(EnumSet.of(missing)));
            Grant limited = TestAdministration.administrator(scene.one.sql(), limit);
            assertThatThrownBy(() -> restores.restore(limited, NAME, asked(at, Mode.PREVIEW)))
                    .isInstanceOf(Forbidden.class);
            assertThatThrownBy(() -> restores.restore(limited, ACME, asked(at, Mode.PREVIEW)))
                    .isInstanceOf(Forbidden.class);
        }
        Limit both = new Limit(RepositoryPrefix.ALL, EnumSet.of(Action.PULL, Action.PUSH, Action.DELETE));
        restores.restore(TestAdministration.administrator(scene.one.sql(), both), NAME, asked(at, Mode.PREVIEW));
    }

    @Test
    void pushThatCameFirstIsNotOverwrittenByARestore() throws InterruptedException {
        scene.push("v1", "first");
        Instant at = Instant.now();
        scene.push("v1", "second");

        List<String> answers = UndoScene.race(
                scene.one, "UPDATE tag", () -> scene.push(new Tag("v1"), scene.manifest("third")), () -> restores(
                                scene.two)
                        .restore(EVERYBODY, NAME, asked(at, Mode.CARRY_OUT)));

        assertThat(answers).containsExactly("done", "tag-elsewhere");
        assertThat(scene.names("v1")).contains(digest(scene.manifest("third")));
    }

    private static Asked asked(Instant at, Mode mode) {
        return new Asked(at, List.of(), mode, Optional.empty());
    }

    private static RestoreService restores(RegistryHarness replica) {
        return new RestoreService(
                TestAdministration.management(replica.transactions()),
                new OrganizationStore(),
                new RepositoryStore(),
                new EventStore(),
                new RestorePlans(new EventStore(), new RestoreStore()),
                replica.reversal(),
                replica.origins(),
                replica.config());
    }
}
