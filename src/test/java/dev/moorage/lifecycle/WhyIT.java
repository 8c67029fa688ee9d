package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.Limit;
import dev.moorage.access.TestGrants;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.lifecycle.WhyService.Explanation;
import dev.moorage.lifecycle.WhyService.Reason;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.WhyStore;
import dev.moorage.name.AccountId;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For everything that is kept there is an answer, and it names what the collection goes by. */
class WhyIT {

    private static final String WEB = "acme/web";
    private static final int WINDOW = 7 * 24;

    private final ImageFactory factory = ImageFactory.seeded(74);
    private final Image image = factory.image();
    private final Digest layer = RegistryHarness.digest(image.blobs().getLast().digest());

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(new FilesystemBlobStore(directory), TestCollection.AT_ONCE);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void aBlobIsKeptByItsManifestWithItsTagsAndByWhatAPusherWasTold() {
        Digest manifest = registry.pushImage(WEB, "v1", image);
        Explanation young = explain(layer);
        assertThat(young.reasons()).extracting(Reason::by).containsExactly("manifest", "lease");
        assertThat(young.reasons().getFirst().name()).contains(manifest.toString());
        assertThat(young.reasons().getFirst().tags()).containsExactly("v1");
        assertThat(young.goesAfter()).as("the manifest does not end by itself").isEmpty();

        TestCollection.pass(registry, 26);
        assertThat(explain(layer).reasons()).extracting(Reason::by).containsExactly("manifest");
    }

    @Test
    void aManifestIsKeptByItsTagsItsIndexesOrByNothingButItself() {
        Digest child = registry.pushImage(WEB, image);
        assertThat(explain(child).reasons()).extracting(Reason::by).containsExactly("untagged");

        Content index = factory.index(List.of(image.manifest()), Map.of());
        registry.pushManifest(WEB, RegistryHarness.digest(index.digest()), index);
        registry.pushImage(WEB, "v1", image);
        assertThat(explain(child).reasons()).extracting(Reason::by).containsExactly("tag", "index");
        assertThat(explain(child).kind()).isEqualTo("manifest");
    }

    @Test
    void whatIsDeletedIsKeptByTheEventThatCanBeUndoneUntilItsWindowIsOverAndThenGoesAsItSays() {
        Digest manifest = registry.pushImage(WEB, "v1", image);
        registry.deletes().manifest(TestGrants.to(WEB), manifest, Precondition.NONE);
        Explanation held = explain(manifest);
        assertThat(held.deleted()).isTrue();
        assertThat(held.reasons()).extracting(Reason::by).containsExactly("undo");
        Reason undo = held.reasons().getFirst();
        assertThat(undo.actor()).contains("tester");
        assertThat(undo.name())
                .contains(registry.sql()
                        .rows("SELECT reference FROM event WHERE kind = 'manifest_deleted'")
                        .getFirst());
        assertThat(held.goesAfter()).isEqualTo(undo.until()).isPresent();

        TestCollection.pass(registry, WINDOW + 1);
        Explanation due = explain(manifest);
        assertThat(due.reasons()).isEmpty();
        assertThat(due.steps()).isNotEmpty();
        TestCollection.collect(registry);
        assertThatThrownBy(() -> explain(manifest)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> explain(layer)).isInstanceOf(NotFound.class);
    }

    @Test
    void aReferrerWhoseSubjectWentSaysSo() {
        Digest subject = registry.pushImage(WEB, image);
        Digest signature =
                registry.pushImage(WEB, factory.artifact(Optional.of("test/signature"), image.manifest(), Map.of()));
        registry.deletes().manifest(TestGrants.to(WEB), subject, Precondition.NONE);

        assertThat(explain(signature).reasons()).extracting(Reason::by).containsExactly("untagged", "subject-gone");
    }

    @Test
    void eventsAndPeopleAreToldToThoseWhoHoldARoleAndTheReasonsToWhoeverPulls() {
        Digest manifest = registry.pushImage(WEB, "v1", image);
        registry.deletes().manifest(TestGrants.to(WEB), manifest, Precondition.NONE);
        registry.sql().change("UPDATE repository SET visibility = 'public'");
        registry.sql().change("UPDATE repository_blob SET in_public = true");
        registry.sql().change("INSERT INTO account (name) VALUES ('stranger')");
        Grant stranger = TestGrants.administration(
                new AccountId(registry.sql().number("SELECT id FROM account WHERE name = 'stranger'")), Limit.NONE);

        Reason told = explain(stranger, WEB, manifest).reasons().getFirst();
        assertThat(told.by()).isEqualTo("undo");
        assertThat(told.until()).isPresent();
        assertThat(told.name()).isEmpty();
        assertThat(told.actor()).isEmpty();
        assertThat(explain(manifest).reasons().getFirst().name()).isPresent();
    }

    @Test
    void otherRepositoriesAreToldOfInTheOrganizationAndAsFarAsTheCallerMayPull() {
        for (String name : List.of(WEB, "acme/api", "acme/secret", "other/web")) {
            registry.pushImage(name, image);
        }
        assertThat(explain(layer).alsoIn()).containsExactly("acme/api", "acme/secret");

        registry.sql().change("INSERT INTO account (name) VALUES ('reader')");
        for (String prefix : List.of("web", "api")) {
            registry.sql().change("""
                    INSERT INTO permission_grant (organization_id, repository_prefix, role, account_id)
                    SELECT o.id, ?, 'reader', a.id FROM organization o, account a WHERE o.name = 'acme' AND a.name = 'reader'
                    """, prefix);
        }
        Grant reader = TestGrants.administration(
                new AccountId(registry.sql().number("SELECT id FROM account WHERE name = 'reader'")), Limit.NONE);
        registry.deletes().manifest(TestGrants.to(WEB), RegistryHarness.digest(image.digest()), Precondition.NONE);
        assertThat(explain(reader, WEB, layer).alsoIn()).containsExactly("acme/api");
        assertThat(explain(reader, WEB, RegistryHarness.digest(image.digest())).reasons())
                .as("who deleted it is told to those who may read events")
                .extracting(Reason::actor)
                .containsExactly(Optional.of("tester"));
        assertThatThrownBy(() -> explain(reader, "acme/secret", layer)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> explain(reader, "other/web", layer)).isInstanceOf(NotFound.class);
    }

    private Explanation explain(Digest digest) {
        return explain(TestGrants.catalog(), WEB, digest);
    }

    private Explanation explain(Grant grant, String repository, Digest digest) {
        return new WhyService(
                        registry.transactions(),
                        TestGrants.authority(),
                        new RepositoryListStore(),
                        new WhyStore(),
                        registry.config())
                .explain(grant, new RepositoryName(repository), digest);
    }
}
