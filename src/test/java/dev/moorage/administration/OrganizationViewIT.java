package dev.moorage.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.OrganizationStore;
import dev.moorage.metadata.OrganizationSummaryStore;
import dev.moorage.metadata.RepositorySummaryStore;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Role;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.TestSettings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Organizations and their repositories as they are listed, by what the caller may pull. */
class OrganizationViewIT {

    private static final Grant ALL = TestAdministration.everybody();
    private static final OrganizationName ACME = new OrganizationName("acme");
    private static final Listing.Asked FIRST = new Listing.Asked("", 50);

    private final ImageFactory factory = ImageFactory.seeded(97);

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private RepositorySummaryService repositories;
    private RightsService rights;
    private OrganizationSummaryService organizations;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        Management management = TestAdministration.management(registry.transactions());
        repositories = new RepositorySummaryService(management, TestGrants.standings(), new RepositorySummaryStore());
        rights = new RightsService(management);
        organizations = new OrganizationSummaryService(
                management, new OrganizationStore(), new OrganizationSummaryStore(), TestSettings.with(Map.of()));
        for (String name : List.of("acme/open", "acme/web", "acme/web/api", "acme/website", "acmes/web", "other/web")) {
            registry.pushImage(name, "v1", factory.image());
        }
        registry.sql().change("UPDATE repository SET visibility = 'public' WHERE name IN ('acme/open', 'other/web')");
    }

    @AfterEach
    void stop() throws SQLException {
        registry.close();
    }

    @Test
    void whoMayPullAPartSeesThatPartAndWhatIsPublic() {
        Grant part = TestAdministration.with(registry.sql(), Role.READER, ACME, "web");
        Grant whole = TestAdministration.with(registry.sql(), Role.READER, ACME, "");

        assertThat(names(part, "", 50)).containsExactly("acme/open", "acme/web", "acme/web/api");
        assertThat(names(part, "", 1)).containsExactly("acme/open", "acme/web", "acme/web/api");
        assertThat(names(part, "SITE", 50)).isEmpty();
        for (Grant grant : List.of(whole, ALL)) {
            assertThat(names(grant, "", 2)).containsExactly("acme/open", "acme/web", "acme/web/api", "acme/website");
            assertThat(names(grant, "SITE", 1)).containsExactly("acme/website");
            assertThat(names(grant, "%", 1)).isEmpty();
        }
        assertThatThrownBy(() -> repositories.list(whole, new OrganizationName("other"), "", FIRST))
                .isInstanceOf(NotFound.class);
    }

    @Test
    void repositoryIsShownWithWhatItHolds() {
        registry.pushImage("acme/web", "v2", factory.image());
        registry.sql().change("UPDATE repository SET description = 'pages' WHERE name = 'acme/web'");

        RepositorySummary web =
                repositories.list(ALL, ACME, "web", FIRST).items().getFirst();
        assertThat(web.name()).isEqualTo("acme/web");
        assertThat(web.description()).isEqualTo("pages");
        assertThat(web.tags()).isEqualTo(2);
        assertThat(web.more()).isFalse();
        assertThat(web.icon()).isFalse();
        assertThat(web.pushedAt()).isPresent();
        assertThat(web.bytes()).isEqualTo(registry.sql().number("""
                SELECT sum(bytes) FROM usage_entry u JOIN repository r ON r.id = u.repository_id WHERE r.name = 'acme/web'
                """));

        registry.sql().change("""
                INSERT INTO tag (organization_id, repository_id, name, manifest_digest, total_size)
                SELECT t.organization_id, t.repository_id, 'n' || i, t.manifest_digest, t.total_size
                FROM tag t JOIN repository r ON r.id = t.repository_id, generate_series(1, 1000) i
                WHERE r.name = 'acme/web' AND t.name = 'v1'
                """);
        registry.sql().change("""
                INSERT INTO repository_presentation (organization_id, repository_id, readme)
                SELECT organization_id, id, 'pages' FROM repository WHERE name = 'acme/web'
                """);
        RepositorySummary many =
                repositories.list(ALL, ACME, "web", FIRST).items().getFirst();
        assertThat(many.tags()).isEqualTo(1000);
        assertThat(many.more()).isTrue();
        assertThat(many.icon()).as("a README is none").isFalse();

        registry.sql().change("UPDATE repository_presentation SET icon_type = 'image/png', icon = 'x'");
        assertThat(repositories.list(ALL, ACME, "", FIRST).items())
                .filteredOn(RepositorySummary::icon)
                .extracting(RepositorySummary::name)
                .containsExactly("acme/web");
    }

    @Test
    void organizationsAreShownWithWhatTheyUseToWhoMayPullAllOfThem() {
        Grant part = TestAdministration.with(registry.sql(), Role.READER, ACME, "web");
        Grant whole = TestAdministration.with(registry.sql(), Role.READER, ACME, "");

        assertThat(organizations.list(part, FIRST).items()).singleElement().satisfies(one -> {
            assertThat(one.organization().name()).isEqualTo("acme");
            assertThat(one.use()).isEmpty();
        });
        OrganizationSummary.Use use =
                organizations.list(whole, FIRST).items().getFirst().use().orElseThrow();
        assertThat(use.repositories()).isEqualTo(4);
        assertThat(use.bytes()).isEqualTo(TestAdministration.used(registry, ACME));
        assertThat(organizations.list(ALL, FIRST).items())
                .extracting(one -> one.organization().name())
                .containsExactly("acme", "acmes", "other");
    }

    @Test
    void rightsAreThoseThatTheUseCasesGoBy() {
        assertThat(rights.in(ALL, ACME)).isEqualTo(new Rights(true, true, true, true, true));
        assertThat(rights.isAdministrator(ALL)).isTrue();
        assertThat(rights.in(TestAdministration.with(registry.sql(), Role.OWNER, ACME, ""), ACME))
                .isEqualTo(new Rights(false, true, true, true, true));
        assertThat(rights.in(TestAdministration.with(registry.sql(), Role.OWNER, ACME, "web"), ACME))
                .isEqualTo(new Rights(false, false, true, true, false));
        assertThat(rights.in(TestAdministration.with(registry.sql(), Role.WRITER, ACME, "web"), ACME))
                .isEqualTo(new Rights(false, false, false, true, false));
        assertThat(rights.in(TestAdministration.with(registry.sql(), Role.READER, ACME, ""), ACME))
                .isEqualTo(new Rights(false, false, false, false, true));
        Grant stranger = TestAdministration.with(registry.sql(), Role.OWNER, new OrganizationName("other"), "");
        assertThatThrownBy(() -> rights.in(stranger, ACME)).isInstanceOf(NotFound.class);
        assertThat(rights.isAdministrator(stranger)).isFalse();
    }

    private List<String> names(Grant grant, String part, int limit) {
        List<String> names = new ArrayList<>();
        Optional<String> after = Optional.of("");
        while (after.isPresent()) {
            Listing<RepositorySummary> page =
                    repositories.list(grant, ACME, part, new Listing.Asked(after.get(), limit));
            page.items().forEach(repository -> names.add(repository.name()));
            after = page.next();
        }
        return names;
    }
}
