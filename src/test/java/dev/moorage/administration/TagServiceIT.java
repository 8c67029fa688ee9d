package dev.moorage.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.TagListStore;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Role;
import dev.moorage.name.Sorting;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tags with what they name, and what became of them. */
class TagServiceIT {

    private static final String NAME = "acme/web";
    private static final RepositoryName REPOSITORY = new RepositoryName(NAME);
    private static final Grant ALL = TestAdministration.everybody();

    private final ImageFactory factory = ImageFactory.seeded(83);

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private TagService tags;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        tags = TestAdministration.tags(registry.transactions());
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "-name", "pushed", "-pushed", "size", "-size"})
    void everyOrderGoesFromPageToPageAndMissesNothing(String order) {
        List<String> names = List.of("c", "a", "E", "b2", "b1", "d");
        List<Image> images = names.stream().map(_ -> factory.image()).toList();
        for (int i = 0; i < names.size(); i++) {
            // Two tags of each size.
            registry.pushImage(NAME, names.get(i), images.get(i / 2));
        }
        Sorting sorting = Sorting.parse(order).orElseThrow();
        Comparator<ImageTag> byName = Comparator.comparing(ImageTag::name);
        Comparator<ImageTag> wanted =
                switch (sorting.key()) {
                    case NAME -> byName;
                    case PUSHED -> Comparator.comparing(tag -> names.indexOf(tag.name()));
                    case SIZE -> Comparator.comparing(ImageTag::size).thenComparing(byName);
                };
        List<ImageTag> found = all(Optional.empty(), sorting, 2);

        assertThat(found).hasSameSizeAs(names);
        assertThat(found).isSortedAccordingTo(sorting.direction() == Sorting.Direction.UP ? wanted : wanted.reversed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "-name", "pushed", "-pushed", "size", "-size"})
    void patternFindsItsTagsInEveryOrderAndNoPageLooksAtMoreThanItsShare(String order) {
        Digest digest = registry.pushImage(NAME, "rare-1", factory.image());
        int many = 2 * TagListStore.EXAMINED + 7;
        registry.sql().change("""
                INSERT INTO tag (organization_id, repository_id, name, manifest_digest, pushed_at, total_size)
                SELECT t.organization_id, t.repository_id, 'many' || i, t.manifest_digest, now() + i * interval '1 second',
                    t.total_size
                FROM tag t, generate_series(1, ?) i
                """, many);
        registry.sql().change("""
                INSERT INTO event (group_id, organization_id, repository_id, kind, tag, to_digest, actor, address, client)
                SELECT gen_random_uuid(), organization_id, repository_id, 'tag_created', name, manifest_digest, 'x', '', ''
                FROM tag WHERE name LIKE 'many%'
                """);
        registry.pushManifest(NAME, new Tag("rare_2"), image(digest));
        registry.sql().change("UPDATE tag SET pushed_at = now() + interval '1 year' WHERE name = 'rare_2'");
        Sorting sorting = Sorting.parse(order).orElseThrow();

        assertThat(all(Optional.of(new TagPattern("rare??")), sorting, 1))
                .extracting(ImageTag::name)
                .containsExactlyInAnyOrder("rare-1", "rare_2");
        assertThat(all(Optional.of(new TagPattern("rare_*")), sorting, 1))
                .extracting(ImageTag::name)
                .containsExactly("rare_2");
        Listing<ImageTag> none = list(Optional.of(new TagPattern("*none*")), sorting, "", 10);
        assertThat(none.items()).isEmpty();
        assertThat(none.next()).isPresent();
    }

    private Content image(Digest digest) {
        byte[] payload = registry.pulls().manifest(TestGrants.to(NAME), digest).payload();
        return factory.content(ImageFactory.OCI_MANIFEST, payload);
    }

    @Test
    void tagShowsWhatItNames() {
        Content config = factory.json(
                ImageFactory.OCI_CONFIG,
                Map.of("os", "linux", "architecture", "arm64", "variant", "v8", "created", "2026-02-03T04:05:06Z"));
        Image image = factory.assemble(ImageFactory.OCI_MANIFEST, config, List.of(factory.blob(700)), Map.of());
        Digest digest = registry.pushImage(NAME, "v1", image);
        registry.pulls().manifest(TestGrants.to(NAME), new Tag("v1"));
        assertThat(get("v1").lastPulledAt()).isEmpty();
        registry.counter().write();

        ImageTag tag = get("v1");
        assertThat(tag.digest()).isEqualTo(digest.toString());
        assertThat(tag.size())
                .isEqualTo(700 + config.bytes().length + image.manifest().bytes().length);
        assertThat(tag.imageId()).contains(config.digest());
        assertThat(tag.imageCreatedAt()).contains(Instant.parse("2026-02-03T04:05:06Z"));
        assertThat(tag.platforms()).containsExactly("linux/arm64/v8");
        assertThat(tag.pulls()).isEqualTo(1);
        assertThat(tag.lastPulledAt()).isPresent();
        assertThat(list(Optional.empty(), Sorting.BY_NAME, "", 10).items()).containsExactly(tag);

        Image other = factory.image();
        registry.pushImage(NAME, other);
        Content index = factory.index(List.of(image.manifest(), other.manifest()), Map.of());
        registry.pushManifest(NAME, new Tag("all"), index);
        assertThat(get("all").platforms()).containsExactly("linux/amd64", "linux/arm64/v8");
        assertThat(get("all").signed()).isFalse();
        assertThatThrownBy(() -> get("absent")).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> get("-no tag")).isInstanceOf(NotFound.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.dev.cosign.artifact.sig.v1+json",
                "application/vnd.dev.sigstore.bundle.v0.3+json",
                "application/vnd.cncf.notary.signature"
            })
    void signatureThatRefersToAManifestMakesItSignedWhileItLives(String type) {
        Image image = factory.image();
        registry.pushImage(NAME, "v1", image);
        registry.pushImage(
                NAME, factory.artifact(Optional.of("application/vnd.test.sbom"), image.manifest(), Map.of()));
        assertThat(get("v1").signed()).isFalse();
        Digest signature = registry.pushImage(NAME, factory.artifact(Optional.of(type), image.manifest(), Map.of()));
        assertThat(get("v1").signed()).isTrue();
        registry.deletes().manifest(TestGrants.to(NAME), signature, Precondition.NONE);
        assertThat(get("v1").signed()).isFalse();
    }

    @Test
    void signatureByItsTagMakesAManifestSigned() {
        Image image = factory.image();
        Digest digest = registry.pushImage(NAME, "v1", image);
        registry.pushImage(NAME, digest.toString().replace(':', '-') + ".sig", factory.image());

        assertThat(get("v1").signed()).isTrue();
    }

    @Test
    void historyTellsEveryMoveTheNewestFirstAndWhatCanStillBePulled() {
        List<Digest> digests = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            digests.add(registry.pushImage(NAME, "latest", factory.image()));
        }
        // What the tag named before can be pulled on, by its digest.
        assertThat(registry.pulls()
                        .manifest(TestGrants.to(NAME), digests.getFirst())
                        .digest())
                .isEqualTo(digests.getFirst());
        registry.deletes().manifest(TestGrants.to(NAME), digests.getFirst(), Precondition.NONE);
        registry.deletes().manifest(TestGrants.to(NAME), new Tag("latest"), Precondition.NONE);

        List<TagMove> moves = history(ALL, "", 10).items();
        assertThat(moves)
                .extracting(TagMove::kind)
                .containsExactly("tag-deleted", "tag-moved", "tag-moved", "tag-created");
        assertThat(moves.getLast().from()).isEmpty();
        assertThat(moves.getLast().to())
                .contains(new TagMove.Version(digests.getFirst().toString(), false));
        assertThat(moves.get(1).from())
                .contains(new TagMove.Version(digests.get(1).toString(), true));
        assertThat(moves.getFirst().to()).isEmpty();
        assertThat(moves.getFirst().by()).contains("tester");
        assertThat(moves.getFirst().client()).contains("test/1.0");
        assertThat(moves.getFirst().address()).contains("192.0.2.7");

        List<TagMove> paged = new ArrayList<>();
        Optional<String> after = Optional.of("");
        while (after.isPresent()) {
            Listing<TagMove> page = history(ALL, after.get(), 3);
            paged.addAll(page.items());
            after = page.next();
        }
        assertThat(paged).isEqualTo(moves);
        assertThatThrownBy(() -> history(ALL, "10", 3)).isInstanceOf(Invalid.class);
        assertThatThrownBy(() -> tags.history(ALL, REPOSITORY, "absent", new Listing.Asked("", 3)))
                .isInstanceOf(NotFound.class);
    }

    @Test
    void historyShowsAddressesAndClaimsToWhomMayUndoIt() {
        registry.pushImage(NAME, "v1", factory.image());
        registry.sql().change("UPDATE event SET claims = '{\"ref\":\"main\"}'");
        OrganizationName acme = new OrganizationName("acme");

        TagMove whole = history(TestAdministration.with(registry.sql(), Role.MAINTAINER, acme, "web"), "", 10)
                .items()
                .getFirst();
        assertThat(whole.address()).contains("192.0.2.7");
        assertThat(whole.claims()).contains(Map.of("ref", "main"));
        for (Role role : List.of(Role.READER, Role.WRITER)) {
            TagMove move = history(TestAdministration.with(registry.sql(), role, acme, "web"), "", 10)
                    .items()
                    .getFirst();
            assertThat(move.address()).isEmpty();
            assertThat(move.claims()).isEmpty();
            assertThat(move.by()).contains("tester");
        }
        Grant elsewhere = TestAdministration.with(registry.sql(), Role.OWNER, acme, "api");
        assertThatThrownBy(() -> history(elsewhere, "", 10)).isInstanceOf(NotFound.class);

        registry.sql()
                .change("UPDATE repository SET visibility = 'public', links_stale_since = now() WHERE name = ?", NAME);
        registry.sql().change("UPDATE event SET why = 'a merger'");
        TagMove seen = history(elsewhere, "", 10).items().getFirst();
        assertThat(seen.to()).isPresent();
        assertThat(seen.by()).isEmpty();
        assertThat(seen.client()).isEmpty();
        assertThat(seen.why()).isEmpty();
        registry.sql().change("UPDATE repository SET visibility = 'private', links_stale_since = NULL");
        assertThatThrownBy(() ->
                        tags.list(elsewhere, REPOSITORY, Optional.empty(), Sorting.BY_NAME, new Listing.Asked("", 10)))
                .isInstanceOf(NotFound.class);
    }

    @Test
    void eventIsUndoneUntilItsUndoIsUndone() {
        registry.pushImage(NAME, "v1", factory.image());
        registry.pushImage(NAME, "v1", factory.image());
        long last = registry.sql().number("SELECT max(id) FROM event");
        for (int i = 1; i <= 4; i++) {
            registry.sql().change("""
                    INSERT INTO event (group_id, organization_id, repository_id, kind, tag, from_digest, to_digest, actor,
                        address, client, undoes)
                    SELECT gen_random_uuid(), organization_id, repository_id, 'tag_moved', tag, to_digest, from_digest,
                        actor, address, client, id
                    FROM event WHERE id = (SELECT max(id) FROM event)
                    """);
            List<TagMove> moves = history(ALL, "", 10).items();
            TagMove first = moves.get(i);
            assertThat(first.undone()).isEqualTo(i % 2 == 1);
            assertThat(first.undoneBy()).contains(moves.get(i - 1).event());
            assertThat(moves.get(i - 1).undoes()).contains(first.event());
            assertThat(moves.getFirst().undone()).isFalse();
        }
        // The tag is what its last event says.
        registry.sql().change("DELETE FROM event WHERE id > ?", last);
    }

    private ImageTag get(String tag) {
        return tags.get(ALL, REPOSITORY, tag);
    }

    private Listing<TagMove> history(Grant grant, String after, int limit) {
        String tag = registry.sql().rows("SELECT min(tag) FROM event").getFirst();
        return tags.history(grant, REPOSITORY, tag, new Listing.Asked(after, limit));
    }

    private Listing<ImageTag> list(Optional<TagPattern> pattern, Sorting sorting, String after, int limit) {
        return tags.list(ALL, REPOSITORY, pattern, sorting, new Listing.Asked(after, limit));
    }

    private List<ImageTag> all(Optional<TagPattern> pattern, Sorting sorting, int limit) {
        List<ImageTag> found = new ArrayList<>();
        Optional<String> after = Optional.of("");
        for (int pages = 0; after.isPresent(); pages++) {
            assertThat(pages).as("a list that ends").isLessThan(20);
            Listing<ImageTag> page = list(pattern, sorting, after.get(), limit);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            found.addAll(page.items());
            after = page.next();
        }
        return found;
    }
}
