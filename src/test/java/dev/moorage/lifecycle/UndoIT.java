package dev.moorage.lifecycle;

import static dev.moorage.lifecycle.UndoScene.EVERYBODY;
import static dev.moorage.lifecycle.UndoScene.NAME;
import static dev.moorage.lifecycle.UndoScene.V1;
import static dev.moorage.lifecycle.UndoScene.WEB;
import static dev.moorage.lifecycle.UndoScene.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.administration.ImmutabilityRules;
import dev.moorage.administration.Listing;
import dev.moorage.administration.TestAdministration;
import dev.moorage.error.AdministrationException;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Role;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.PushService.Push;
import dev.moorage.testing.Collector;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.Together;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was overwritten or deleted comes back whole or not at all, and whoever was in between is told of. */
class UndoIT {

    private static final OrganizationName ACME = new OrganizationName("acme");

    @TempDir
    private Path directory;

    private UndoScene scene;

    @BeforeEach
    void start() {
        scene = new UndoScene(directory);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        scene.checkInvariants();
        scene.close();
    }

    @Test
    void overwrittenTagComesBackAndTheUndoIsUndoneToo() {
        Digest first = scene.push("v1", "first");
        Digest second = scene.push("v1", "second");

        RecordedEvent undone = scene.undo(scene.last()).events().getFirst();
        assertThat(scene.names("v1")).contains(first);
        assertThat(undone.kind()).isEqualTo("tag_moved");
        assertThat(undone.from()).contains(second.toString());
        assertThat(undone.to()).contains(first.toString());
        assertThat(holds()).containsExactly("manifest " + second);

        scene.undo(undone.reference());
        assertThat(scene.names("v1")).contains(second);
        assertThat(holds()).containsExactly("manifest " + first);

        scene.undo(scene.last());
        assertThat(scene.names("v1")).contains(first);
    }

    @Test
    void deletedTagComesBackAndTheUndoIsUndoneToo() {
        Digest first = scene.push("v1", "first");
        scene.delete(V1);

        scene.undo(scene.last());
        assertThat(scene.names("v1")).contains(first);
        assertThat(holds()).isEmpty();

        scene.undo(scene.last());
        assertThat(scene.tags()).isEmpty();
        assertThat(holds()).containsExactly("manifest " + first);
    }

    @Test
    void deletedManifestComesBackWithTheTagsThatWentWithItAndNoOthers() {
        Digest first = scene.push("v1", "first");
        scene.push("v2", "first");
        scene.push("v3", "first");
        scene.delete(new Tag("v3"));
        List<String> before = scene.tags();
        scene.delete(first);

        List<String> kinds = scene.undo(scene.last()).events().stream()
                .map(RecordedEvent::kind)
                .toList();
        assertThat(kinds).containsExactly("manifest_restored", "tag_created", "tag_created");
        assertThat(scene.tags()).isEqualTo(before);
        assertThat(scene.shows(first)).isTrue();

        scene.undo(scene.last());
        assertThat(scene.tags()).isEmpty();
        assertThat(scene.shows(first)).isFalse();

        scene.undo(scene.last());
        assertThat(scene.tags()).isEqualTo(before);
        assertThat(scene.one.pulls().manifestHead(TestGrants.to(WEB), V1).digest())
                .isEqualTo(first);
    }

    @Test
    void dateOfPushStaysWhenAManifestComesBack() {
        Digest first = scene.push("v1", "first");
        scene.one.sql().change("UPDATE manifest SET pushed_at = '2020-01-01', leased_at = '2020-01-01'");
        scene.delete(first);

        scene.undo(scene.last());

        assertThat(scene.one.sql().number("""
                SELECT count(*) FROM manifest WHERE pushed_at = '2020-01-01' AND leased_at > now() - interval '1 hour'
                """)).isOne();
    }

    @Test
    void tagComesBackWithTheDateOfItsLastPushThere() {
        scene.push("v1", "first");
        scene.push("v1", "second");
        scene.push("v2", "second");
        daysAgo(4);
        scene.push("v1", "first");
        daysAgo(3);
        scene.push("v1", "third");
        String moved = scene.last();
        scene.delete(new Tag("v2"));
        String deleted = scene.last();

        scene.undo(moved);
        scene.undo(deleted);
        assertThat(ages()).containsExactly("v1 3", "v2 7");

        scene.undo(scene.last(1));
        scene.undo(scene.last());
        assertThat(ages()).containsExactly("v1 3", "v2 7");
    }

    @Test
    void tagWhosePushIsToldOfNoMoreHasTheDateOfItsManifest() {
        scene.push("v1", "first");
        daysAgo(5);
        scene.delete(V1);
        scene.one.sql().change("UPDATE event SET undoes = id WHERE kind = 'tag_created'");

        scene.undo(scene.last());

        assertThat(ages()).containsExactly("v1 5");
    }

    /** Lets so many days pass over everything that was pushed. */
    private void daysAgo(int days) {
        for (String column :
                List.of("tag SET pushed_at = pushed_at", "manifest SET pushed_at = pushed_at", "event SET at = at")) {
            scene.one.sql().change("UPDATE " + column + " - interval '" + days + " days'");
        }
    }

    /** The tags, and how many days ago they were pushed. */
    private List<String> ages() {
        return scene.one.sql().rows("SELECT name, extract(day FROM now() - pushed_at)::int FROM tag ORDER BY name");
    }

    @Test
    void deletedBlobComesBackAndTheUndoIsUndoneToo() {
        scene.deleteBlob(digest(scene.config));
        assertThat(scene.undo(scene.last()).events())
                .extracting(RecordedEvent::kind)
                .containsExactly("blob_restored");
        scene.push("v1", "needs the blob");
        scene.delete(V1);
        scene.delete(digest(scene.manifest("needs the blob")));
        String restored = scene.one
                .sql()
                .rows("SELECT reference FROM event WHERE kind = 'blob_restored'")
                .getFirst();

        scene.undo(restored);

        assertThat(scene.one.sql().number("SELECT count(*) FROM repository_blob WHERE deleted_at IS NOT NULL"))
                .isOne();
    }

    @Test
    void undoOfAPushWithManyTagsPutsAllOfThemBack() {
        Digest first = scene.push("b", "first");
        Content second = scene.manifest("second");
        scene.one
                .pushes()
                .put(
                        TestGrants.to(WEB),
                        new Push(
                                digest(second),
                                List.of(new Tag("c"), new Tag("b"), new Tag("a")),
                                Optional.empty(),
                                second.bytes(),
                                Precondition.NONE));

        scene.undo(scene.last());

        assertThat(scene.tags()).containsExactly("b " + first);
        assertThat(scene.shows(digest(second))).isTrue();
    }

    /** What may stand against an undo. */
    enum Against {
        TAG_ELSEWHERE {
            @Override
            String event(UndoScene scene) {
                String event = moved(scene);
                scene.push("v1", "third");
                return event;
            }
        },
        TAG_GONE {
            @Override
            String event(UndoScene scene) {
                String event = moved(scene);
                scene.delete(V1);
                return event;
            }
        },
        TAG_MADE_SINCE {
            @Override
            String event(UndoScene scene) {
                scene.push("v1", "first");
                scene.delete(V1);
                String event = scene.last();
                scene.push("v1", "second");
                return event;
            }
        },
        MANIFEST_DELETED {
            @Override
            String event(UndoScene scene) {
                String event = moved(scene);
                scene.delete(digest(scene.manifest("first")));
                return event;
            }
        },
        MANIFEST_GONE {
            @Override
            String event(UndoScene scene) {
                Digest first = scene.push("v1", "first");
                scene.delete(first);
                Collector collector = new Collector(scene.one.plain());
                collector.letTimePass();
                assertThat(collector.manifest(WEB, first.toString())).isEqualTo(Collector.Outcome.TAKEN);
                return scene.last();
            }
        },
        MANIFEST_MADE_SINCE {
            @Override
            String event(UndoScene scene) {
                Digest first = scene.push("v1", "first");
                scene.delete(first);
                scene.push(first, scene.manifest("first"));
                return scene.last();
            }
        },
        MANIFEST_TAGGED {
            @Override
            String event(UndoScene scene) {
                String event = restored(scene);
                scene.push("v2", "first");
                return event;
            }
        },
        MANIFEST_REFERENCED {
            @Override
            String event(UndoScene scene) {
                String event = restored(scene);
                Content index = scene.index(scene.manifest("first"));
                scene.push(digest(index), index);
                return event;
            }
        },
        BLOB_DELETED {
            @Override
            String event(UndoScene scene) {
                scene.push("v1", "first");
                scene.delete(digest(scene.manifest("first")));
                String event = scene.last();
                scene.deleteBlob(digest(scene.config));
                return event;
            }
        },
        BLOB_GONE {
            @Override
            String event(UndoScene scene) {
                Digest blob = digest(scene.config);
                scene.deleteBlob(blob);
                Collector collector = new Collector(scene.one.plain());
                collector.letTimePass();
                assertThat(collector.link(WEB, blob.toString())).isEqualTo(Collector.Outcome.TAKEN);
                return scene.last();
            }
        },
        BLOB_MADE_SINCE {
            @Override
            String event(UndoScene scene) {
                scene.deleteBlob(digest(scene.config));
                scene.one.pushBlob(WEB, scene.config.bytes());
                return scene.last();
            }
        },
        BLOB_REFERENCED {
            @Override
            String event(UndoScene scene) {
                scene.deleteBlob(digest(scene.config));
                scene.undo(scene.last());
                String event = scene.last();
                scene.push("v1", "first");
                return event;
            }
        };

        /** Does what an undo stands against, and answers the event that it is about. */
        abstract String event(UndoScene scene);

        private static String moved(UndoScene scene) {
            scene.push("v1", "first");
            scene.push("v1", "second");
            return scene.last();
        }

        private static String restored(UndoScene scene) {
            scene.delete(scene.push("v1", "first"));
            scene.undo(scene.last());
            return scene.last();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatStandsAgainstAnUndoIsNamedAndNothingIsChanged(Against against) {
        String event = against.event(scene);
        List<String> before = scene.state();

        Conflict refusal = catchThrowableOfType(Conflict.class, () -> scene.undo(event));

        assertThat(UndoScene.kinds(refusal))
                .contains(against.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        assertThat(scene.state()).isEqualTo(before);
    }

    @Test
    void sameEventIsUndoneOnce() {
        scene.push("v1", "first");
        scene.push("v1", "second");
        String moved = scene.last();
        scene.undo(moved);

        assertThatThrownBy(() -> scene.undo(moved)).isInstanceOf(Conflict.class);
    }

    @Test
    void immutableTagIsNotUndoneUntilTheRuleIsLifted() {
        Digest first = scene.push("v1", "first");
        scene.push("v1", "second");
        String moved = scene.last();
        ImmutabilityRules rules = TestAdministration.rules(scene.one.transactions());
        long rule = rules.add(EVERYBODY, ACME, new TagPattern("v*")).id();
        List<String> before = scene.state();

        assertThatThrownBy(() -> scene.undo(moved))
                .isInstanceOf(Forbidden.class)
                .hasMessageContaining("v*");
        assertThat(scene.state()).isEqualTo(before);

        rules.remove(EVERYBODY, ACME, rule);
        scene.undo(moved);
        assertThat(scene.names("v1")).contains(first);
    }

    @Test
    void undoIsForWhoMayDoTheOpposite() {
        scene.push("v1", "first");
        scene.push("v1", "second");
        String moved = scene.last();
        scene.delete(scene.push("v2", "third"));
        String deleted = scene.last();
        Grant reader = with(Role.READER);
        Grant writer = with(Role.WRITER);

        assertThatThrownBy(() -> undo(reader, moved)).isInstanceOf(Forbidden.class);
        undo(writer, moved);
        assertThatThrownBy(() -> undo(writer, deleted)).isInstanceOf(Forbidden.class);
        undo(with(Role.MAINTAINER), deleted);
    }

    @Test
    void forbiddenRepositoryAndAbsentEventAreAsWhatIsNotThere() {
        scene.push("v1", "first");
        String event = scene.last();
        scene.one.begin("other/web");
        Grant stranger = TestAdministration.with(scene.one.sql(), Role.OWNER, new OrganizationName("other"), "");

        AdministrationException forbidden = catchThrowableOfType(NotFound.class, () -> undo(stranger, event));
        AdministrationException absent = catchThrowableOfType(
                NotFound.class,
                () -> scene.undo.undo(stranger, new RepositoryName("acme/absent"), event, Optional.empty()));
        assertThat(forbidden).hasMessage(absent.getMessage().replace("absent", "web"));

        // One's own repository says nothing of the events of another one.
        for (String name : List.of(event, UUID.randomUUID().toString(), "1", event.toUpperCase(Locale.ROOT))) {
            assertThatThrownBy(() -> scene.undo.undo(stranger, new RepositoryName("other/web"), name, Optional.empty()))
                    .isInstanceOf(NotFound.class)
                    .hasMessage("there is no event " + name);
        }
    }

    @Test
    void historySaysWhoWhyAndWhatUndidWhat() {
        scene.push("v1", "first");
        scene.push("v1", "second");
        String moved = scene.last();
        scene.undo.undo(EVERYBODY, NAME, moved, Optional.of("wrong build"));

        List<RecordedEvent> events = new ArrayList<>();
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Listing<RecordedEvent> page = scene.events.list(EVERYBODY, NAME, new Listing.Asked(next.get(), 2));
            events.addAll(page.items());
            next = page.next();
        }
        assertThat(events).extracting(RecordedEvent::kind).containsExactly("tag_moved", "tag_moved", "tag_created");
        assertThat(events.getFirst().why()).contains("wrong build");
        assertThat(events.getFirst().actor()).isEqualTo("tester");
        assertThat(events.getFirst().undoes()).contains(moved);
        assertThat(events.get(1).undoneBy()).contains(events.getFirst().reference());
        assertThat(scene.events.list(EVERYBODY, ACME, new Listing.Asked("", 9)).items())
                .isEqualTo(events);
        assertThatThrownBy(() -> scene.events.list(EVERYBODY, NAME, new Listing.Asked("7", 2)))
                .isInstanceOf(Invalid.class);
        assertThatThrownBy(() -> scene.undo.undo(EVERYBODY, NAME, moved, Optional.of("two\nlines")))
                .isInstanceOf(Invalid.class);
    }

    @Test
    void windowOfTheOrganizationIsThatOfItsHolds() {
        scene.one.sql().change("UPDATE organization SET undo_window_seconds = 86400 * 30");
        scene.push("v1", "first");
        scene.push("v1", "second");

        assertThat(scene.one.sql().number("""
                SELECT count(*) FROM hold
                WHERE held_until BETWEEN now() + interval '29 days' AND now() + interval '31 days'
                """)).isOne();
    }

    @Test
    void pushThatCameFirstIsNotOverwrittenByAnUndo() throws InterruptedException {
        scene.push("v1", "first");
        scene.push("v1", "second");
        String moved = scene.last();

        List<String> answers =
                UndoScene.race(scene.one, "UPDATE tag", () -> scene.push("v1", "third"), () -> UndoScene.undo(scene.two)
                        .undo(EVERYBODY, NAME, moved, Optional.empty()));

        assertThat(answers).containsExactly("done", "tag-elsewhere");
        assertThat(scene.names("v1")).contains(digest(scene.manifest("third")));
    }

    @Test
    void pushThatComesDuringAnUndoWaitsAndTheHistoryIsOneLine() throws InterruptedException {
        Digest first = scene.push("v1", "first");
        scene.push("v1", "second");
        String moved = scene.last();

        List<String> answers = UndoScene.race(
                scene.one,
                "UPDATE tag",
                () -> scene.undo(moved),
                () -> scene.two.pushManifest(WEB, V1, scene.manifest("third")));

        assertThat(answers).containsExactly("done", "done");
        assertThat(scene.one.sql().rows("SELECT from_digest FROM event ORDER BY id DESC LIMIT 1"))
                .containsExactly(first.toString());
    }

    @Test
    void tagThatIsMadeDuringItsUndoStays() throws InterruptedException {
        scene.push("v1", "first");
        scene.delete(V1);
        String deleted = scene.last();
        scene.push("v2", "second");

        List<String> answers = UndoScene.race(
                scene.one, "INSERT INTO tag", () -> scene.push("v1", "second"), () -> UndoScene.undo(scene.two)
                        .undo(EVERYBODY, NAME, deleted, Optional.empty()));

        assertThat(answers).containsExactly("done", "tag-made-since");
        assertThat(scene.names("v1")).contains(digest(scene.manifest("second")));
    }

    @Test
    void blobThatGoesDuringTheUndoOfItsManifestIsSeen() throws InterruptedException {
        scene.delete(scene.push("v1", "first"));
        String deleted = scene.last();

        List<String> answers = UndoScene.race(
                scene.one,
                "UPDATE repository_blob",
                () -> {
                    scene.deleteBlob(digest(scene.config));
                    return true;
                },
                () -> UndoScene.undo(scene.two).undo(EVERYBODY, NAME, deleted, Optional.empty()));

        assertThat(answers).containsExactly("done", "blob-deleted");
    }

    @Test
    void pushersAndUndoersOfOneTagLeaveOneLineOfHistory() throws InterruptedException {
        scene.push("v1", "first");
        List<Callable<Boolean>> all = new ArrayList<>();
        IntStream.range(0, 2)
                .forEach(pusher -> all.add(() -> {
                    for (int i = 0; i < 15; i++) {
                        (pusher == 0 ? scene.one : scene.two)
                                .pushManifest(WEB, V1, scene.manifest(pusher + "/" + i % 4));
                    }
                    return true;
                }));
        IntStream.range(0, 2)
                .forEach(undoer -> all.add(() -> {
                    UndoService undo = UndoScene.undo(undoer == 0 ? scene.one : scene.two);
                    for (int i = 0; i < 15; i++) {
                        String event = scene.last();
                        UndoScene.answer(() -> undo.undo(EVERYBODY, NAME, event, Optional.empty()));
                    }
                    return true;
                }));

        Together.run(all);

        assertThat(scene.one.sql().rows("SELECT to_digest FROM event ORDER BY id DESC LIMIT 1"))
                .containsExactly(scene.names("v1").map(Digest::toString).orElse("-"));
    }

    private List<String> holds() {
        return scene.one.sql().rows("SELECT kind, digest FROM hold ORDER BY id");
    }

    private Grant with(Role role) {
        return TestAdministration.with(scene.one.sql(), role, ACME, "");
    }

    private void undo(Grant grant, String reference) {
        scene.undo.undo(grant, NAME, reference, Optional.empty());
    }
}
