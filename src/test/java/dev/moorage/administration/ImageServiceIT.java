package dev.moorage.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Role;
import dev.moorage.name.Sorting;
import dev.moorage.name.Tag;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images across repositories, by what they are and by what the caller may pull. */
class ImageServiceIT {

    private static final Grant ALL = TestAdministration.everybody();

    private final ImageFactory factory = ImageFactory.seeded(89);

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private ImageService images;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        images = TestAdministration.images(registry.transactions());
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "pushed", "-pushed", "size", "-size"})
    void everyOrderGoesFromPageToPageForWhoSeesAllAndForWhoSeesSome(String order) {
        Image shared = factory.image();
        for (int i = 0; i < 5; i++) {
            String repository = i % 2 == 0 ? "acme/r" + i : "other/r" + i;
            registry.pushImage(repository, "v1", factory.image());
            // The same size in each of them.
            registry.pushImage(repository, "shared", shared);
        }
        Sorting sorting = Sorting.parse(order).orElseThrow();
        Comparator<StoredImage> comparator = comparator(sorting);
        for (int limit : List.of(1, 3, 100)) {
            List<StoredImage> found = all(ALL, ImageFilter.ALL, sorting, limit);
            assertThat(found).hasSize(10).isSortedAccordingTo(comparator).doesNotHaveDuplicates();

            Grant reader = TestAdministration.with(registry.sql(), Role.READER, new OrganizationName("acme"), "");
            List<StoredImage> own = all(reader, ImageFilter.ALL, sorting, limit);
            assertThat(own).hasSize(6).isSortedAccordingTo(comparator);
            assertThat(own).allMatch(image -> image.repository().startsWith("acme/"));
        }
    }

    @Test
    void whoeverMayPullAPartSeesThatPartOnlyAndWhoMayPullNothingSeesNothing() {
        registry.pushImage("acme/web", "v1", factory.image());
        registry.pushImage("acme/web/api", "v1", factory.image());
        registry.pushImage("acme/website", "v1", factory.image());
        OrganizationName acme = new OrganizationName("acme");
        Grant part = TestAdministration.with(registry.sql(), Role.READER, acme, "web");
        Grant none = TestAdministration.with(registry.sql(), Role.READER, acme, "other");
        for (String order : List.of("name", "-pushed", "size")) {
            Sorting sorting = Sorting.parse(order).orElseThrow();
            assertThat(all(part, ImageFilter.ALL, sorting, 2))
                    .extracting(StoredImage::repository)
                    .containsExactlyInAnyOrder("acme/web", "acme/web/api");
            assertThat(all(part, reference("acme/website"), sorting, 2)).isEmpty();
            assertThat(all(part, reference("acme/*"), sorting, 2)).hasSize(2);
            assertThat(all(none, ImageFilter.ALL, sorting, 2)).isEmpty();
            // A place in a repository that is not the caller's opens nothing.
            Listing.Asked forged = new Listing.Asked(
                    sorting.key() == Sorting.Key.NAME ? "acme/website~" : "0~~" + identity("acme/website"), 10);
            assertThat(images.list(part, ImageFilter.ALL, sorting, forged).items())
                    .noneMatch(image -> image.repository().equals("acme/website"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "pushed", "-pushed", "size", "-size"})
    void placeInARepositoryOfOthersTellsNotWhetherThatExists(String order) {
        Image image = factory.image();
        // Before and after, by identity, of the one that the place names.
        registry.pushImage("acme/early", "v1", image);
        registry.pushImage("other/secret", "v1", image);
        registry.pushImage("acme/late", "v1", image);
        registry.sql().change("UPDATE manifest SET pushed_at = '2026-03-01T00:00:00Z'");
        Grant part = TestAdministration.with(registry.sql(), Role.READER, new OrganizationName("acme"), "");
        Sorting sorting = Sorting.parse(order).orElseThrow();
        List<Listing<StoredImage>> pages = new ArrayList<>();
        String secret = Long.toString(identity("other/secret"));
        String absent = Long.toString(identity("other/secret") + 1);
        List<String> others = sorting.key() == Sorting.Key.NAME
                ? List.of("other/secret", "other/absent", "other/No Name")
                : List.of(secret, absent, absent);
        for (String name : others) {
            pages.add(images.list(
                    part, ImageFilter.ALL, sorting, new Listing.Asked(place(part, sorting, image, name), 10)));
        }
        assertThat(pages.get(0)).isEqualTo(pages.get(1)).isEqualTo(pages.get(2));

        // One of his own is still the place where the next page begins.
        assertThat(all(part, ImageFilter.ALL, sorting, 1)).hasSize(2).doesNotHaveDuplicates();
    }

    private long identity(String repository) {
        return registry.sql().number("SELECT id FROM repository WHERE name = ?", repository);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "pushed", "-pushed", "size", "-size"})
    void whoMayPullManyRepositoriesOfAnOrganizationSeesThemInOneOrder(String order) {
        for (int i = 0; i < 35; i++) {
            registry.pushImage("acme/team/r" + i, "v1", factory.image());
            // One of them holds most of the newest.
            registry.pushImage("acme/team/busy", "v" + i, factory.image());
        }
        registry.pushImage("acme/api", "v1", factory.image());
        registry.pushImage("other/api", "v1", factory.image());
        OrganizationName acme = new OrganizationName("acme");
        Grant part = TestAdministration.with(registry.sql(), Role.READER, acme, "team");
        Sorting sorting = Sorting.parse(order).orElseThrow();
        for (int limit : List.of(3, 10, 100)) {
            List<StoredImage> found = all(part, ImageFilter.ALL, sorting, limit);
            assertThat(found).hasSize(70).doesNotHaveDuplicates().isSortedAccordingTo(comparator(sorting));
            assertThat(found).allMatch(image -> image.repository().startsWith("acme/team/"));
        }
        Grant whole = TestAdministration.with(registry.sql(), Role.READER, acme, "");
        assertThat(all(whole, ImageFilter.ALL, sorting, 3))
                .hasSize(71)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo(comparator(sorting));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pushed", "-pushed", "size", "-size"})
    void deletedRepositoriesWithTheSameImageDoNotHoldTheListUp(String order) {
        Image shared = factory.image();
        for (int i = 0; i < 12; i++) {
            registry.pushImage("acme/r" + i, "v1", shared);
        }
        registry.sql().change("UPDATE manifest SET pushed_at = '2026-03-01T00:00:00Z'");
        registry.sql().change("UPDATE repository SET deleted_at = now() WHERE name NOT IN ('acme/r3', 'acme/r8')");
        Sorting sorting = Sorting.parse(order).orElseThrow();
        Grant reader = TestAdministration.with(registry.sql(), Role.READER, new OrganizationName("acme"), "");
        assertThat(all(ALL, ImageFilter.ALL, sorting, 1)).hasSize(2).doesNotHaveDuplicates();
        assertThat(all(reader, ImageFilter.ALL, sorting, 1)).hasSize(2).doesNotHaveDuplicates();
        registry.sql().change("UPDATE repository SET deleted_at = NULL");
    }

    @Test
    void partsOfOrganizationsWithVeryManyRepositoriesAreListedByNameOnly() {
        registry.pushImage("acme/team/web", "v1", factory.image());
        registry.sql().change("""
                INSERT INTO repository (organization_id, name, visibility)
                SELECT id, 'acme/team/r' || i, 'private' FROM organization, generate_series(1, 1000) i WHERE name = 'acme'
                """);
        Grant part = TestAdministration.with(registry.sql(), Role.READER, new OrganizationName("acme"), "team");
        Sorting pushed = Sorting.parse("-pushed").orElseThrow();
        assertThatThrownBy(() -> all(part, ImageFilter.ALL, pushed, 10))
                .isInstanceOf(Invalid.class)
                .hasMessageContaining("sort=name");
        assertThat(all(part, ImageFilter.ALL, Sorting.BY_NAME, 10)).hasSize(1);
        assertThat(all(part, reference("acme/team/web*"), Sorting.BY_NAME, 10)).hasSize(1);
        assertThat(all(part, reference("acme/team/web"), pushed, 10)).hasSize(1);
    }

    @Test
    void imageIsFoundByItsTagBehindThousandsThatWerePushedLater() {
        Digest wanted = registry.pushImage("acme/web", "v1", factory.image());
        copies(wanted, 4000, "+");
        Sorting pushed = Sorting.parse("-pushed").orElseThrow();
        Listing<StoredImage> first = images.list(ALL, reference("acme/web:v1"), pushed, new Listing.Asked("", 1));
        Optional<StoredImage> found = images.newest(ALL, reference("acme/web:v1"));
        removeCopies();

        assertThat(first.items()).isEmpty();
        assertThat(found).map(StoredImage::digest).contains(wanted.toString());
        assertThat(images.newest(ALL, reference("acme/web:absent"))).isEmpty();
    }

    /** Copies whose digests are not those of their bytes, which the end of the test takes away again. */
    private void copies(Digest of, int count, String later) {
        registry.sql().change("""
                INSERT INTO manifest (organization_id, repository_id, digest, media_type, payload, size, total_size, pushed_at)
                SELECT organization_id, repository_id, 'sha256:' || encode(sha256(convert_to(i::text, 'UTF8')), 'hex'),
                    media_type, payload, size, total_size + i, pushed_at LATER i * interval '1 second'
                FROM manifest, generate_series(1, ?) i
                WHERE digest = ?
                """.replace("LATER", later), count, of.toString());
    }

    private void removeCopies() {
        registry.sql().change("DELETE FROM manifest WHERE digest NOT IN (SELECT manifest_digest FROM tag)");
    }

    private static Comparator<StoredImage> comparator(Sorting sorting) {
        Comparator<StoredImage> up =
                switch (sorting.key()) {
                    case NAME -> Comparator.comparing(StoredImage::repository).thenComparing(StoredImage::digest);
                    case PUSHED -> Comparator.comparing(StoredImage::pushedAt);
                    case SIZE -> Comparator.comparing(StoredImage::size).thenComparing(StoredImage::digest);
                };
        return sorting.direction() == Sorting.Direction.UP ? up : up.reversed();
    }

    private String place(Grant grant, Sorting sorting, Image image, String repository) {
        String digest = image.digest();
        return switch (sorting.key()) {
            case NAME -> repository + '~' + digest;
            case PUSHED -> "1772323200000000~" + digest + '~' + repository;
            case SIZE -> all(grant, ImageFilter.ALL, sorting, 10).getFirst().size() + "~" + digest + '~' + repository;
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acme/web|acme/web:v1 acme/web:v2",
                "acme/w*|acme/web:v1 acme/web:v2",
                "*/web|acme/web:v1 acme/web:v2 other/web:v1",
                "acme/web:v2|acme/web:v2",
                "*:v1|acme/api:v1 acme/web:v1 other/web:v1",
                "acme/???|acme/api:v1 acme/web:v1 acme/web:v2",
                "acme/web:none|''",
                "web|''",
                "acme/we%|''",
                "acme/_eb|''"
            })
    void referenceIsAPatternOfNamesOrOfNamesAndTags(String pattern, String expected) {
        registry.pushImage("acme/web", "v1", factory.image());
        registry.pushImage("acme/web", "v2", factory.image());
        registry.pushImage("acme/api", "v1", factory.image());
        registry.pushImage("other/web", "v1", factory.image());
        for (String order : List.of("name", "-pushed", "size")) {
            assertThat(all(ALL, reference(pattern), Sorting.parse(order).orElseThrow(), 1))
                    .flatExtracting(image -> image.tags().stream()
                            .map(tag -> image.repository() + ':' + tag)
                            .toList())
                    .containsExactlyInAnyOrder(expected.isEmpty() ? new String[0] : expected.split(" "));
        }
    }

    @Test
    void labelsAreFoundByKeyAndByValueWhateverTheyHold() {
        String awkward = "a\u0000b";
        registry.pushImage("acme/web", "one", labelled(Map.of("team", "web", "stage", "test")));
        registry.pushImage("acme/web", "two", labelled(Map.of("team", "api", "note", awkward)));
        registry.pushImage("acme/web", "long", labelled(Map.of("team", "x".repeat(300))));

        assertThat(tags(labels("team"))).containsExactlyInAnyOrder("one", "two", "long");
        assertThat(tags(labels("team=web"))).containsExactly("one");
        assertThat(tags(labels("team=api", "note"))).containsExactly("two");
        assertThat(tags(labels("team", "absent"))).isEmpty();
        assertThat(tags(labels("team=we"))).isEmpty();
        assertThatThrownBy(() -> tags(labels("x".repeat(256)))).isInstanceOf(Invalid.class);

        ImageFilter shown = new ImageFilter(
                Optional.of("acme/web:two"),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true);
        assertThat(all(ALL, shown, Sorting.BY_NAME, 10).getFirst().labels())
                .contains(Map.of("team", "api", "note", awkward));
        assertThat(all(ALL, ImageFilter.ALL, Sorting.BY_NAME, 10).getFirst().labels())
                .isEmpty();
    }

    @Test
    void danglingIsWhatHasNoTagAndWhatNothingNeeds() {
        Image child = factory.image();
        Image tagged = factory.image();
        Image alone = factory.image();
        registry.pushImage("acme/web", child);
        registry.pushImage("acme/web", "v1", tagged);
        registry.pushImage("acme/web", alone);
        Content index = factory.index(List.of(child.manifest()), Map.of());
        registry.pushManifest("acme/web", new Tag("all"), index);
        Image signature = factory.artifact(Optional.of("test/signature"), tagged.manifest(), Map.of());
        registry.pushImage("acme/web", signature);

        assertThat(digests(dangling(true))).containsExactly(alone.digest());
        assertThat(digests(dangling(false))).containsExactlyInAnyOrder(tagged.digest(), index.digest());
        assertThat(digests(ImageFilter.ALL)).containsExactlyInAnyOrder(tagged.digest(), index.digest(), alone.digest());
        assertThat(digests(filter(Optional.empty(), Optional.of("test/signature"))))
                .containsExactly(signature.digest());

        registry.deletes()
                .manifest(
                        TestGrants.to("acme/web"), Digest.parse(index.digest()).orElseThrow(), Precondition.NONE);
        registry.deletes()
                .manifest(
                        TestGrants.to("acme/web"), Digest.parse(tagged.digest()).orElseThrow(), Precondition.NONE);
        assertThat(digests(dangling(true)))
                .containsExactlyInAnyOrder(alone.digest(), child.digest(), signature.digest());
    }

    @Test
    void platformFindsImagesAndIndexesThatHoldOne() {
        Image arm = platform("arm64", Optional.of("v8"));
        Image intel = factory.image();
        registry.pushImage("acme/web", arm);
        registry.pushImage("acme/web", "intel", intel);
        registry.pushManifest(
                "acme/web", new Tag("all"), factory.index(List.of(arm.manifest(), intel.manifest()), Map.of()));

        assertThat(tags(filter(Optional.of("linux/amd64"), Optional.empty())))
                .containsExactlyInAnyOrder("intel", "all");
        assertThat(tags(filter(Optional.of("linux/arm64"), Optional.empty()))).containsExactly("all");
        assertThat(tags(filter(Optional.of("linux/arm64/v8"), Optional.empty())))
                .containsExactly("all");
        assertThat(tags(filter(Optional.of("linux/arm64/v7"), Optional.empty())))
                .isEmpty();
        for (String wrong : List.of("linux", "linux/", "a/b/c/d", "")) {
            assertThatThrownBy(() -> tags(filter(Optional.of(wrong), Optional.empty())))
                    .isInstanceOf(Invalid.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "pushed", "-pushed", "-size"})
    void pushDatesBoundTheListInEveryOrder(String order) {
        List<Digest> digests = IntStream.range(0, 4)
                .mapToObj(i -> registry.pushImage("acme/web", "v" + i, factory.image()))
                .toList();
        Instant start = Instant.parse("2026-03-01T00:00:00Z");
        for (int i = 0; i < digests.size(); i++) {
            registry.sql()
                    .change(
                            "UPDATE manifest SET pushed_at = ?::timestamptz + ? * interval '1 day' WHERE digest = ?",
                            start.toString(),
                            i,
                            digests.get(i).toString());
        }
        Sorting sorting = Sorting.parse(order).orElseThrow();
        ImageFilter middle = new ImageFilter(
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(start.plusSeconds(86_400)),
                Optional.of(start.plusSeconds(3 * 86_400)),
                false);
        assertThat(all(ALL, middle, sorting, 1))
                .extracting(StoredImage::digest)
                .containsExactlyInAnyOrder(
                        digests.get(1).toString(), digests.get(2).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "pushed", "-size"})
    void rareImageAmongThousandsIsFoundByPagesThatEachLookAtABoundedNumber(String order) {
        Digest plain = registry.pushImage("acme/web", "v1", factory.image());
        registry.pushImage("acme/web", "rare", labelled(Map.of("rare", "yes")));
        copies(plain, 4000, "-");
        Sorting sorting = Sorting.parse(order).orElseThrow();
        List<StoredImage> found = all(ALL, labels("rare=yes"), sorting, 10);
        removeCopies();

        assertThat(found).extracting(StoredImage::tags).containsExactly(List.of("rare"));
    }

    @Test
    void whatIsNoQuestionIsRefused() {
        Sorting down = Sorting.parse("-name").orElseThrow();
        assertThatThrownBy(() -> all(ALL, ImageFilter.ALL, down, 10)).isInstanceOf(Invalid.class);
        for (String reference : List.of("", ":", "acme/web:", "x".repeat(256), "a\nb")) {
            assertThatThrownBy(() -> all(ALL, reference(reference), Sorting.BY_NAME, 10))
                    .as(reference)
                    .isInstanceOf(Invalid.class);
        }
        for (String after :
                List.of("x", "~", "-1~a~1", "1~a~b", "99999999999999999999~a~1", "9223372036854775807~a~1")) {
            Sorting pushed = Sorting.parse("pushed").orElseThrow();
            assertThatThrownBy(() -> images.list(ALL, ImageFilter.ALL, pushed, new Listing.Asked(after, 10)))
                    .as(after)
                    .isInstanceOf(Invalid.class);
        }
    }

    private Image labelled(Map<String, String> labels) {
        return assembled(Map.of("os", "linux", "architecture", "amd64", "config", Map.of("Labels", labels)));
    }

    private Image platform(String architecture, Optional<String> variant) {
        return assembled(Map.of("os", "linux", "architecture", architecture, "variant", variant.orElse("")));
    }

    private Image assembled(Map<String, Object> config) {
        Content json = factory.json(ImageFactory.OCI_CONFIG, config);
        return factory.assemble(ImageFactory.OCI_MANIFEST, json, List.of(factory.blob(100)), Map.of());
    }

    private static ImageFilter reference(String pattern) {
        return with(Optional.of(pattern), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static ImageFilter labels(String... labels) {
        return with(Optional.empty(), List.of(labels), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static ImageFilter dangling(boolean value) {
        return with(Optional.empty(), List.of(), Optional.empty(), Optional.of(value), Optional.empty());
    }

    private static ImageFilter filter(Optional<String> platform, Optional<String> artifactType) {
        return with(Optional.empty(), List.of(), platform, Optional.empty(), artifactType);
    }

    private static ImageFilter with(
            Optional<String> reference,
            List<String> labels,
            Optional<String> platform,
            Optional<Boolean> dangling,
            Optional<String> artifactType) {
        return new ImageFilter(
                reference, labels, platform, dangling, artifactType, Optional.empty(), Optional.empty(), false);
    }

    private List<String> tags(ImageFilter filter) {
        return all(ALL, filter, Sorting.BY_NAME, 10).stream()
                .flatMap(image -> image.tags().stream())
                .toList();
    }

    private List<String> digests(ImageFilter filter) {
        return all(ALL, filter, Sorting.BY_NAME, 10).stream()
                .map(StoredImage::digest)
                .toList();
    }

    private List<StoredImage> all(Grant grant, ImageFilter filter, Sorting sorting, int limit) {
        List<StoredImage> found = new ArrayList<>();
        Optional<String> after = Optional.of("");
        for (int pages = 0; after.isPresent(); pages++) {
            assertThat(pages).as("a list that ends").isLessThan(80);
            Listing<StoredImage> page = images.list(grant, filter, sorting, new Listing.Asked(after.get(), limit));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            found.addAll(page.items());
            after = page.next();
        }
        return found;
    }
}
