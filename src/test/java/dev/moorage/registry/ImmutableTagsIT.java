package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.administration.ImmutabilityRules;
import dev.moorage.administration.TestAdministration;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.PushService.Push;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.Together;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An immutable tag stays on its manifest, by whichever way somebody comes at it. */
class ImmutableTagsIT {

    private static final String WEB = "acme/web";
    private static final Tag V1 = new Tag("v1");
    private static final Tag FREE = new Tag("free");
    private static final Grant OWNER = TestAdministration.everybody();

    private final ImageFactory factory = ImageFactory.seeded(23);
    private final Content config = factory.content(ImageFactory.EMPTY, new byte[] {'{', '}'});
    private final Content first = manifest("first");
    private final Content second = manifest("second");

    @TempDir
    private Path directory;

    private RegistryHarness one;
    private RegistryHarness two;
    private ImmutabilityRules rules;

    @BeforeEach
    void start() {
        one = RegistryHarness.fresh(directory);
        two = one.replica();
        rules = TestAdministration.rules(one.transactions());
        one.pushBlob(WEB, config.bytes());
        one.pushBlob("acme/other", config.bytes());
        one.pushManifest(WEB, V1, first);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        one.checkInvariants();
        one.close();
    }

    /** How a tag can be made to name something else, or nothing. */
    enum Route {
        PUSH_BY_TAG,
        PUSH_BY_DIGEST_WITH_TAGS,
        DELETION_OF_THE_TAG,
        DELETION_OF_THE_MANIFEST;

        void take(RegistryHarness by, Content present, Content other) {
            switch (this) {
                case PUSH_BY_TAG -> by.pushManifest(WEB, V1, other);
                case PUSH_BY_DIGEST_WITH_TAGS -> push(by, other, List.of(FREE, V1));
                case DELETION_OF_THE_TAG -> by.deletes().manifest(TestGrants.to(WEB), V1, Precondition.NONE);
                case DELETION_OF_THE_MANIFEST ->
                    by.deletes().manifest(TestGrants.to(WEB), digest(present), Precondition.NONE);
            }
        }
    }

    /** What a rule is about. */
    enum Scope {
        ORGANIZATION,
        REPOSITORY
    }

    static Stream<Arguments> everyWay() {
        return Stream.of(Route.values())
                .flatMap(route -> Stream.of(Scope.values()).map(scope -> Arguments.of(route, scope)));
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void immutableTagStaysWhicheverWayItIsTouchedUntilTheRuleIsLifted(Route route, Scope scope) {
        long rule = add(scope, "v*");

        Denied refusal = catchThrowableOfType(Denied.class, () -> route.take(one, first, second));

        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal.detail()).containsEntry("tags", List.of("v1")).containsEntry("rules", List.of("v*"));
        assertThat(names(V1)).isEqualTo(digest(first));
        assertThat(one.sql().number("SELECT count(*) FROM manifest")).isOne();
        assertThat(one.sql().number("SELECT count(*) FROM tag")).isOne();
        assertThat(one.sql().number("SELECT count(*) FROM event")).isOne();
        assertThat(one.sql().number("SELECT count(*) FROM hold")).isZero();

        rules.remove(OWNER, new OrganizationName("acme"), rule);
        route.take(one, first, second);
        assertThat(one.sql().rows("SELECT manifest_digest FROM tag WHERE name = 'v1'"))
                .doesNotContain(first.digest());
    }

    @ParameterizedTest
    @EnumSource
    void rulesOfOthersAndAboutOtherTagsKeepNothing(Route route) {
        rules.add(OWNER, new RepositoryName("acme/other"), new TagPattern("*"));
        rules.add(OWNER, new RepositoryName(WEB), new TagPattern("v"));
        rules.add(OWNER, new OrganizationName("acme"), new TagPattern("release-*"));

        route.take(one, first, second);

        assertThat(one.sql().rows("SELECT manifest_digest FROM tag WHERE name = 'v1'"))
                .doesNotContain(first.digest());
    }

    @Test
    void theSameDigestAgainIsTakenAndRenewsThePushDate() {
        add(Scope.ORGANIZATION, "*");
        one.sql().change("UPDATE tag SET pushed_at = pushed_at - interval '1 day'");

        one.pushManifest(WEB, V1, first);
        push(two, first, List.of(V1));

        assertThat(one.sql().number("SELECT count(*) FROM tag WHERE pushed_at > clock_timestamp() - interval '1 hour'"))
                .isOne();
        assertThat(one.sql().number("SELECT count(*) FROM event")).isOne();
    }

    @Test
    void manifestWithManyImmutableTagsNamesTenOfThemAndKeepsAll() {
        List<Tag> tags =
                IntStream.range(0, 15).mapToObj(i -> new Tag("v2." + i)).toList();
        push(one, second, tags);
        add(Scope.REPOSITORY, "v2.*");

        Denied refusal = catchThrowableOfType(
                Denied.class, () -> one.deletes().manifest(TestGrants.to(WEB), digest(second), Precondition.NONE));

        assertThat((List<?>) refusal.detail().get("tags")).hasSize(10);
        assertThat(one.sql().number("SELECT count(*) FROM tag")).isEqualTo(16);
    }

    @Test
    void ofManyCreatorsOfAnImmutableTagOneMakesItAndTheOthersAreRefused() throws InterruptedException {
        add(Scope.ORGANIZATION, "*");
        int creators = 4;
        for (int round = 0; round < 25; round++) {
            Tag tag = new Tag("made-" + round);
            List<Content> contents = IntStream.range(0, creators)
                    .mapToObj(creator -> manifest(tag + " by " + creator))
                    .toList();
            List<String> answers = Together.run(IntStream.range(0, creators)
                    .mapToObj(creator ->
                            (Callable<String>) () -> pushed(creator % 2 == 0 ? one : two, tag, contents.get(creator)))
                    .toList());

            assertThat(answers).containsOnlyOnce("201");
            assertThat(Collections.frequency(answers, "DENIED")).isEqualTo(creators - 1);
            assertThat(names(tag)).isEqualTo(digest(contents.get(answers.indexOf("201"))));
            assertThat(one.sql().rows("SELECT kind FROM event WHERE tag = ?", tag.value()))
                    .containsExactly("tag_created");
        }
    }

    @Test
    void twoCreatorsOfAnImmutableTagWithTheSameDigestBothSucceed() throws InterruptedException {
        add(Scope.REPOSITORY, "*");
        for (int round = 0; round < 10; round++) {
            Tag tag = new Tag("same-" + round);
            Content content = manifest("same " + round);

            assertThat(Together.run(List.of(() -> pushed(one, tag, content), () -> pushed(two, tag, content))))
                    .containsOnly("201");
        }
    }

    @ParameterizedTest
    @EnumSource
    void pushThatComesWhileARuleIsMadeWaitsAndSeesIt(Scope scope) throws InterruptedException {
        Race.Answers answers = Race.run(
                one,
                "INSERT INTO immutability_rule",
                () -> add(scope, "v*") > 0,
                () -> pushed(two, V1, second),
                Race.Meeting.WAITS);

        assertThat(answers).isEqualTo(new Race.Answers("true", "DENIED"));
        assertThat(names(V1)).isEqualTo(digest(first));
    }

    @ParameterizedTest
    @EnumSource
    void ruleIsMadeWhenThePushesThatHaveNotSeenItHaveEnded(Scope scope) throws Exception {
        Race.Answers answers = Race.run(
                two, "UPDATE tag", () -> pushed(two, V1, second), () -> add(scope, "v*") > 0, Race.Meeting.WAITS);

        assertThat(answers).isEqualTo(new Race.Answers("201", "true"));
        assertThat(names(V1)).isEqualTo(digest(second));
        assertThat(pushed(one, V1, first)).isEqualTo("DENIED");
    }

    @Test
    void rulesCostAPushNoStatement() {
        int without = statementsOf(() -> one.pushManifest(WEB, V1, second));
        add(Scope.ORGANIZATION, "release-*");
        add(Scope.REPOSITORY, "stable");
        int with = statementsOf(() -> one.pushManifest(WEB, V1, manifest("third")));

        assertThat(with).isEqualTo(without);
    }

    private int statementsOf(Runnable work) {
        List<String> statements = Collections.synchronizedList(new ArrayList<>());
        one.database().onCommitted(done -> statements.addAll(done.statements()));
        work.run();
        return List.copyOf(statements).size();
    }

    private long add(Scope scope, String pattern) {
        TagPattern tags = new TagPattern(pattern);
        return switch (scope) {
            case ORGANIZATION ->
                rules.add(OWNER, new OrganizationName("acme"), tags).id();
            case REPOSITORY -> rules.add(OWNER, new RepositoryName(WEB), tags).id();
        };
    }

    private static String pushed(RegistryHarness by, Tag tag, Content content) throws Exception {
        return Race.answer(() -> {
            by.pushManifest(WEB, tag, content);
            return "201";
        });
    }

    private static void push(RegistryHarness by, Content manifest, List<Tag> tags) {
        by.pushes()
                .put(
                        TestGrants.to(WEB),
                        new Push(digest(manifest), tags, Optional.empty(), manifest.bytes(), Precondition.NONE));
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
}
