package dev.moorage.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.Limit;
import dev.moorage.administration.Largest.Use;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.LargestStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Amount;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Role;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who keeps most, and who may know that. */
class LargestIT {

    private static final OrganizationName ACME = new OrganizationName("acme");
    private static final Grant EVERYBODY = TestAdministration.everybody();

    private final ImageFactory factory = ImageFactory.seeded(61);

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private Largest largest;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        largest = new Largest(TestAdministration.management(new Transactions(registry.plain())), new LargestStore());
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void repositoriesComeLargestFirstWithWhatIsNotYetInTheSums() {
        registry.pushBlob("acme/small", factory.bytes(10));
        registry.pushBlob("acme/large", factory.bytes(900));
        registry.pushBlob("acme/large", factory.bytes(100));
        registry.pushBlob("acme-two/larger", factory.bytes(5000));

        assertThat(largest.repositories(EVERYBODY, ACME))
                .containsExactly(use("acme/large", 2, 1000), use("acme/small", 1, 10));

        registry.sql().change("UPDATE repository SET deleted_at = now() WHERE name = 'acme/large'");
        assertThat(largest.repositories(EVERYBODY, ACME)).containsExactly(use("acme/small", 1, 10));
        registry.sql().change("UPDATE repository SET deleted_at = NULL WHERE name = 'acme/large'");
    }

    @Test
    void noMoreAreToldOfThanThereIsRoomFor() {
        for (int i = 0; i < Largest.TOLD + 2; i++) {
            registry.pushBlob("acme/r" + i, factory.bytes(10 + i));
        }

        assertThat(largest.repositories(EVERYBODY, ACME))
                .hasSize(Largest.TOLD)
                .startsWith(use("acme/r21", 1, 31))
                .endsWith(use("acme/r2", 1, 12));
    }

    @Test
    void organizationsAreForAdministratorsAndRepositoriesForWhoeverMayPullAllOfThem() {
        registry.pushBlob("acme/web", factory.bytes(10));
        registry.begin("other/web");
        Grant administrator = TestAdministration.administrator(registry.sql(), Limit.NONE);
        Grant reader = TestAdministration.with(registry.sql(), Role.READER, ACME, "");
        Grant ofPart = TestAdministration.with(registry.sql(), Role.OWNER, ACME, "web");

        assertThat(largest.organizations(administrator).stream().map(Use::name)).containsExactly("acme", "other");
        assertThat(largest.repositories(reader, ACME).stream().map(Use::bytes)).containsExactly(10L);
        assertThatThrownBy(() -> largest.organizations(reader)).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> largest.repositories(ofPart, ACME)).isInstanceOf(Forbidden.class);
        Stream.of(administrator, reader)
                .forEach(grant -> assertThatThrownBy(() -> largest.repositories(grant, new OrganizationName("absent")))
                        .isInstanceOf(NotFound.class));
    }

    private static Use use(String name, long items, long bytes) {
        return new Use(name, new Amount(items, bytes), new Amount(0, 0));
    }
}
