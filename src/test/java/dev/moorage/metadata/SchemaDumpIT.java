package dev.moorage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** The schema in one file, so that a reader sees it whole and a change of it is seen in review. */
@DisabledIfEnvironmentVariable(
        named = "MOORAGE_TEST_DATABASE_URL",
        matches = ".+",
        disabledReason = "plans and the catalog are those of the embedded version")
class SchemaDumpIT {

    private static final Path FILE = Path.of("db", "structure.sql");

    private static DataSource database;

    @BeforeAll
    static void migrate() {
        database = TestDatabase.fresh();
    }

    @Test
    void theCommittedStructureIsWhatTheMigrationsMake() throws IOException {
        String dump = SchemaDump.of(database);
        if (Boolean.getBoolean("moorage.structure.write")) {
            Files.writeString(FILE, dump);
        }
        assertThat(Files.readString(FILE))
                .as("run this test with -Dmoorage.structure.write=true and commit db/structure.sql")
                .isEqualTo(dump);
    }

    @Test
    void theCommittedStructureMakesTheSameSchema() throws IOException {
        DataSource empty = TestDatabase.fresh();
        Sql sql = new Sql(empty);
        sql.change("DROP SCHEMA public CASCADE");
        sql.change("CREATE SCHEMA public");
        sql.change(Files.readString(FILE));

        assertThat(SchemaDump.of(empty)).isEqualTo(SchemaDump.of(database));
    }

    @Test
    void everythingThatIsComparedOrListedIsInByteOrder() {
        assertThat(new Sql(database).rows("""
                        SELECT table_name, column_name
                        FROM information_schema.columns
                        WHERE table_schema = 'public' AND table_name !~ '^flyway' AND data_type = 'text'
                            AND column_name ~ '(^|_)(name|tag|digest|key|kind|type)$'
                            AND collation_name IS DISTINCT FROM 'C'
                        """)).isEmpty();
    }
}
