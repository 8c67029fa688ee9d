package dev.moorage.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.access.Grant;
import dev.moorage.access.Limit;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.AuditListStore;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Role;
import dev.moorage.name.Visibility;
import dev.moorage.registry.RegistryHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads the audit trail, and what of it. */
class AuditServiceIT {

    private static final OrganizationName ACME = new OrganizationName("acme");
    private static final OrganizationName OTHER = new OrganizationName("other");
    private static final int MANY = 5200;

    private RegistryHarness registry;
    private AuditService audit;
    private Grant administrator;
    private Grant owner;

    @BeforeEach
    void start(@TempDir Path folder) {
        registry = RegistryHarness.fresh(folder);
        audit = new AuditService(
                TestAdministration.management(registry.transactions()), new AuditListStore(), new ObjectMapper());
        administrator = TestAdministration.administrator(registry.sql(), Limit.NONE);
        TestAdministration.organizations(registry.transactions())
                .create(administrator, ACME, Visibility.PRIVATE, Optional.empty());
        TestAdministration.organizations(registry.transactions())
                .create(administrator, OTHER, Visibility.PRIVATE, Optional.empty());
        owner = TestAdministration.with(registry.sql(), Role.OWNER, ACME, "");
    }

    @AfterEach
    void stop() throws SQLException {
        registry.close();
    }

    @Test
    void ownersReadTheirOrganizationAndAdministratorsEverything() {
        teams().create(owner, ACME, "crew");

        assertThat(texts(audit.list(owner, ACME, AuditFilter.ALL, first(10))))
                .containsExactly("team.create crew", "organization.create acme");
        assertThat(texts(audit.list(administrator, everywhere(Optional.empty()), first(10))))
                .containsExactly("team.create crew", "organization.create other", "organization.create acme");
        assertThat(texts(audit.list(administrator, everywhere(Optional.of(OTHER)), first(10))))
                .containsExactly("organization.create other");
        assertThatThrownBy(() -> audit.list(owner, everywhere(Optional.empty()), first(10)))
                .isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> audit.list(owner, OTHER, AuditFilter.ALL, first(10)))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> audit.export(
                        TestAdministration.with(registry.sql(), Role.MAINTAINER, ACME, ""), ACME, AuditFilter.ALL))
                .isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> audit.export(
                        TestAdministration.with(registry.sql(), Role.OWNER, ACME, "web"), ACME, AuditFilter.ALL))
                .isInstanceOf(Forbidden.class);
    }

    @Test
    void ownersSeeWhereEverybodyComesFromButAdministrators() {
        teams().create(owner, ACME, "crew");

        List<AuditRecord> seen =
                audit.list(owner, ACME, AuditFilter.ALL, first(10)).items();
        assertThat(seen.get(0).actor())
                .matches(actor -> actor.kind().equals("account")
                        && actor.address().isPresent()
                        && actor.client().isPresent());
        assertThat(seen.get(1).actor())
                .matches(actor -> actor.kind().equals("administrator")
                        && actor.id().isPresent()
                        && actor.address().isEmpty()
                        && actor.client().isEmpty());
        assertThat(audit.list(administrator, ACME, AuditFilter.ALL, first(10)).items())
                .allMatch(row -> row.actor().address().isPresent());
    }

    @Test
    void organizationOfTheSameNameThatIsMadeLaterDoesNotSeeTheRowsOfTheOneBefore() {
        teams().create(owner, ACME, "crew");
        teams().delete(owner, ACME, "crew");
        TestAdministration.organizations(registry.transactions()).delete(owner, ACME);
        TestAdministration.organizations(registry.transactions())
                .create(administrator, ACME, Visibility.PRIVATE, Optional.empty());
        Grant next = TestAdministration.with(registry.sql(), Role.OWNER, ACME, "");

        assertThat(texts(audit.list(next, ACME, AuditFilter.ALL, first(10))))
                .containsExactly("organization.create acme");
        assertThat(texts(audit.list(administrator, everywhere(Optional.of(ACME)), first(10))))
                .containsExactly(
                        "organization.create acme",
                        "organization.delete acme",
                        "team.delete crew",
                        "team.create crew",
                        "organization.create acme");
    }

    @Test
    void filtersAreAboutEachOfTheFields() {
        teams().create(owner, ACME, "crew");
        teams().create(administrator, ACME, "staff");
        teams().delete(owner, ACME, "crew");

        assertThat(filtered("team.*", "*", "*"))
                .containsExactly("team.delete crew", "team.create staff", "team.create crew");
        assertThat(filtered("team.create", "*", "cr?w")).containsExactly("team.create crew");
        assertThat(filtered("*", "administrator*", "st*")).containsExactly("team.create staff");
        assertThat(filtered("*", "%", "*")).isEmpty();
        assertThatThrownBy(() -> filtered("nothing", "*", "*")).isInstanceOf(Invalid.class);
        assertThatThrownBy(() -> filtered("*", "", "*")).isInstanceOf(Invalid.class);

        Instant middle = audit.list(owner, ACME, AuditFilter.ALL, first(10))
                .items()
                .get(1)
                .at();
        assertThat(between(Optional.of(middle), Optional.empty()))
                .containsExactly("team.delete crew", "team.create staff");
        assertThat(between(Optional.empty(), Optional.of(middle)))
                .containsExactly("team.create crew", "organization.create acme");
    }

    @Test
    void pagesAndExportsShowEachRowOnceAlsoWhereTheFilterPassesOverThousands() {
        registry.sql().change("""
                INSERT INTO audit_event (at, organization_id, organization, actor_kind, actor, address, client, action,
                    target_kind, target, outcome, detail)
                SELECT now() + (i / 3) * interval '1 second', o.id, o.name, 'account', 'anna', '', '', 'team.add', 'team',
                    CASE WHEN i % 1000 = 0 THEN 'thousandth' ELSE 'team' || i END, 'done', '{}'
                FROM generate_series(1, ?) i, organization o
                WHERE o.name = 'acme'
                """, MANY);

        assertThat(all(AuditFilter.ALL)).hasSize(MANY + 1).doesNotHaveDuplicates();
        assertThat(exported(AuditFilter.ALL))
                .containsExactlyElementsOf(all(AuditFilter.ALL).reversed());
        AuditFilter rare = new AuditFilter(
                List.of(),
                Optional.empty(),
                Optional.of("thousandth"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(all(rare)).hasSize(MANY / 1000);
        assertThat(exported(rare)).containsExactlyElementsOf(all(rare).reversed());
        assertThatThrownBy(() -> audit.list(owner, ACME, AuditFilter.ALL, new Listing.Asked("x", 10)))
                .isInstanceOf(Invalid.class);
    }

    @Test
    void placeOfARowOfAnotherOrganizationIsNone() {
        String others = audit.list(administrator, OTHER, AuditFilter.ALL, first(10))
                .items()
                .getFirst()
                .reference();
        assertThatThrownBy(() -> audit.list(owner, ACME, AuditFilter.ALL, new Listing.Asked(others, 10)))
                .isInstanceOf(Invalid.class);
    }

    @Test
    void exportEndsWithTheRightToReadIt() {
        registry.sql().change("""
                INSERT INTO audit_event (organization_id, actor_kind, actor, address, client, action, target_kind, target,
                    outcome, detail)
                SELECT o.id, 'account', 'anna', '', '', 'team.add', 'team', 'team', 'done', '{}'
                FROM generate_series(1, 3000) i, organization o
                WHERE o.name = 'acme'
                """);
        AuditPieces pieces = audit.export(owner, ACME, AuditFilter.ALL);
        assertThat(pieces.next()).isPresent();
        registry.sql().change("DELETE FROM permission_grant");

        assertThatThrownBy(pieces::next).isInstanceOf(NotFound.class);
    }

    @Test
    void nothingInTheProgramChangesARow() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<String> changing = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                if (text.contains("UPDATE audit_event") || text.contains("TRUNCATE")) {
                    changing.add(file.toString());
                }
            }
            assertThat(changing).isEmpty();
        }
    }

    private TeamService teams() {
        return TestAdministration.teams(registry.transactions());
    }

    private static AuditService.Everywhere everywhere(Optional<OrganizationName> organization) {
        return new AuditService.Everywhere(organization, AuditFilter.ALL);
    }

    private static Listing.Asked first(int limit) {
        return new Listing.Asked("", limit);
    }

    private List<String> filtered(String action, String actor, String target) {
        AuditFilter filter = new AuditFilter(
                List.of(action),
                Optional.of(actor),
                Optional.of(target),
                Optional.of("done"),
                Optional.empty(),
                Optional.empty());
        return texts(audit.list(owner, ACME, filter, first(10)));
    }

    private List<String> between(Optional<Instant> since, Optional<Instant> until) {
        AuditFilter filter =
                new AuditFilter(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), since, until);
        return texts(audit.list(owner, ACME, filter, first(10)));
    }

    private List<String> all(AuditFilter filter) {
        List<String> found = new ArrayList<>();
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Listing<AuditRecord> page = audit.list(owner, ACME, filter, new Listing.Asked(next.get(), 700));
            page.items().forEach(row -> found.add(row.reference()));
            next = page.next();
        }
        return found;
    }

    private List<String> exported(AuditFilter filter) {
        List<String> found = new ArrayList<>();
        AuditPieces pieces = audit.export(owner, ACME, filter);
        Optional<List<AuditRecord>> rows = pieces.next();
        while (rows.isPresent()) {
            rows.get().forEach(row -> found.add(row.reference()));
            rows = pieces.next();
        }
        return found;
    }

    private static List<String> texts(Listing<AuditRecord> page) {
        return page.items().stream()
                .map(row -> row.action() + ' ' + row.target().name())
                .toList();
    }
}
