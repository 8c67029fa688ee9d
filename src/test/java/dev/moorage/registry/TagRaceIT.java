package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.access.TestGrants;
import dev.moorage.error.RegistryException;
import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import dev.moorage.registry.PushService.Push;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.Together;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many pushers on one tag, on two replicas: all are answered rightly, and the history is one line. */
class TagRaceIT {

    private static final String WEB = "acme/web";
    private static final int PUSHERS = 4;
    private static final int ROUNDS = 200;

    private final ImageFactory factory = ImageFactory.seeded(11);
    private final Content config = factory.content(ImageFactory.EMPTY, new byte[] {'{', '}'});

    @TempDir
    private Path directory;

    private RegistryHarness one;
    private RegistryHarness two;

    @BeforeEach
    void start() {
        one = RegistryHarness.fresh(directory);
        two = one.replica();
        one.pushBlob(WEB, config.bytes());
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        one.checkInvariants();
        one.close();
    }

    @Test
    void unconditionalPushersAllSucceedAndTheHistoryIsOneLineOfThem() throws InterruptedException {
        int each = 20;
        Together.run(IntStream.range(0, PUSHERS)
                .mapToObj(pusher -> (Callable<Boolean>) () -> {
                    for (int i = 0; i < each; i++) {
                        replica(pusher).pushManifest(WEB, new Tag("latest"), manifest(pusher + "-" + i));
                    }
                    return true;
                })
                .toList());

        List<String> events = events("latest");
        assertThat(events).hasSize(PUSHERS * each);
        assertThat(events.getFirst()).startsWith("tag_created - ");
        assertThat(events.stream().skip(1)).allMatch(event -> event.startsWith("tag_moved "));
    }

    @Test
    void ofManyWhoWantToMakeATagExactlyOneDoes() throws InterruptedException {
        Precondition absent = Precondition.of(Optional.empty(), Optional.of("*"));
        List<Content> manifests = manifests();
        manifests.forEach(manifest -> one.pushManifest(WEB, digest(manifest), manifest));
        for (int round = 0; round < ROUNDS; round++) {
            Tag tag = new Tag("made-" + round);
            List<Integer> answers = Together.run(pushers(tag, manifests, absent));

            assertThat(answers).containsOnlyOnce(201);
            assertThat(answers.stream().filter(status -> status == 412)).hasSize(PUSHERS - 1);
            assertThat(names(tag)).isEqualTo(digest(manifests.get(answers.indexOf(201))));
            assertThat(events(tag.value())).hasSize(1);
        }
    }

    @Test
    void ofManyWhoMoveATagFromWhereTheySawItExactlyOneDoes() throws InterruptedException {
        Tag tag = new Tag("moved");
        one.pushManifest(WEB, tag, manifest("start"));
        for (int round = 0; round < ROUNDS / 4; round++) {
            int number = round;
            Precondition seen = Precondition.of(Optional.of(Precondition.entityTag(names(tag))), Optional.empty());
            List<Content> manifests = IntStream.range(0, PUSHERS)
                    .mapToObj(pusher -> manifest(number + "/" + pusher))
                    .toList();
            List<Integer> answers = Together.run(pushers(tag, manifests, seen));

            assertThat(answers).containsOnlyOnce(201);
            assertThat(answers.stream().filter(status -> status == 412)).hasSize(PUSHERS - 1);
            assertThat(names(tag)).isEqualTo(digest(manifests.get(answers.indexOf(201))));
        }
        assertThat(events("moved")).hasSize(1 + ROUNDS / 4);
    }

    @Test
    void aRefusedConditionLeavesNoManifestBehind() {
        Tag tag = new Tag("kept");
        one.pushManifest(WEB, tag, manifest("kept"));
        Content other = manifest("other");

        assertThat(status(one, tag, other, Precondition.of(Optional.empty(), Optional.of("*"))))
                .isEqualTo(412);
        assertThat(one.sql().number("SELECT count(*) FROM manifest WHERE digest = ?", other.digest()))
                .isZero();
        assertThat(events("kept")).hasSize(1);
    }

    @Test
    void theSameDigestAgainIsNoEventAndRenewsThePushDate() {
        Tag tag = new Tag("same");
        one.pushManifest(WEB, tag, manifest("same"));
        one.sql().change("UPDATE tag SET pushed_at = pushed_at - interval '1 day'");
        two.pushManifest(WEB, tag, manifest("same"));

        assertThat(events("same")).hasSize(1);
        assertThat(one.sql().number("SELECT count(*) FROM tag WHERE pushed_at > clock_timestamp() - interval '1 hour'"))
                .isOne();
        assertThat(one.sql().number("SELECT count(*) FROM hold")).isZero();
    }

    @Test
    void pushersOfTheSameTagsInOppositeOrdersNeverWaitInACircle() throws InterruptedException {
        List<Tag> tags = Stream.of("a", "b", "c", "d", "e").map(Tag::new).toList();
        Together.run(List.of(manyTags(one, tags, "forth"), manyTags(two, tags.reversed(), "back")));

        assertThat(one.database().rollbacks() + two.database().rollbacks()).isZero();
        assertThat(tags.stream().map(this::names).distinct()).hasSize(1);
    }

    private Callable<Boolean> manyTags(RegistryHarness by, List<Tag> tags, String name) {
        return () -> {
            for (int i = 0; i < 25; i++) {
                Content manifest = manifest(name + i);
                by.pushes()
                        .put(
                                TestGrants.to(WEB),
                                new Push(
                                        digest(manifest), tags, Optional.empty(), manifest.bytes(), Precondition.NONE));
            }
            return true;
        };
    }

    private List<Callable<Integer>> pushers(Tag tag, List<Content> manifests, Precondition condition) {
        List<Callable<Integer>> pushers = new ArrayList<>();
        for (int i = 0; i < manifests.size(); i++) {
            int pusher = i;
            pushers.add(() -> status(replica(pusher), tag, manifests.get(pusher), condition));
        }
        return pushers;
    }

    private static int status(RegistryHarness by, Tag tag, Content manifest, Precondition condition) {
        try {
            by.pushManifest(WEB, tag, manifest, condition);
            return 201;
        } catch (RegistryException e) {
            return e.status();
        }
    }

    private RegistryHarness replica(int pusher) {
        return pusher % 2 == 0 ? one : two;
    }

    private List<Content> manifests() {
        return IntStream.range(0, PUSHERS).mapToObj(i -> manifest("m" + i)).toList();
    }

    private Content manifest(String name) {
        return factory.assemble(
                        ImageFactory.OCI_MANIFEST, config, List.of(), Map.of("annotations", Map.of("name", name)))
                .manifest();
    }

    private Digest names(Tag tag) {
        return one.pulls().manifestHead(TestGrants.to(WEB), tag).digest();
    }

    private static Digest digest(Content manifest) {
        return RegistryHarness.digest(manifest.digest());
    }

    private List<String> events(String tag) {
        return one.sql().rows("SELECT kind, from_digest, to_digest FROM event WHERE tag = ? ORDER BY id", tag);
    }
}
