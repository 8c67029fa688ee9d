package dev.moorage.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.config.StartupCheckFailed;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import dev.moorage.testing.TestSettings;
import dev.moorage.testing.Together;
import io.quarkus.runtime.StartupEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A start on schemas that are older, newer, or otherwise than the program. */
class SchemaIT {

    private final DataSource source = TestDatabase.fresh();
    private final Sql sql = new Sql(source);

    @AfterEach
    void drop() {
        TestDatabase.drop(source);
    }

    @Test
    void anEmptyDatabaseIsMigratedByManyAtOnce() throws Exception {
        empty();
        List<Callable<Boolean>> starts = IntStream.range(0, 4)
                .<Callable<Boolean>>mapToObj(_ -> () -> {
                    start(true);
                    return true;
                })
                .toList();
        assertThat(Together.run(starts)).containsOnly(true);
        assertThat(sql.rows("SELECT version FROM flyway_schema_history WHERE version IS NOT NULL"))
                .doesNotHaveDuplicates()
                .contains("0001");
    }

    @Test
    void withoutMigrationAStartSaysWhichVersionItNeeds() {
        assertThatCode(() -> start(false)).doesNotThrowAnyException();
        String newest = schema(false).version();
        sql.change("DELETE FROM flyway_schema_history WHERE version = ?", newest);
        assertThat(refusal(false)).contains("moorage.database.migrate", "'migrate'", newest);
        empty();
        assertThat(refusal(false)).contains("is at version none", newest);
        assertThat(sql.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEmpty();
    }

    @Test
    void aSchemaThatANewerProgramHasExtendedIsTaken() {
        applied("9000", "more columns", true);
        assertThatCode(() -> start(true)).doesNotThrowAnyException();
        assertThatCode(() -> start(false)).doesNotThrowAnyException();
        String newest = sql.rows("SELECT max(version) FROM flyway_schema_history WHERE version < '9'")
                .getFirst();
        applied("9001", "needs " + newest + " drop what it does not ask", true);
        assertThatCode(() -> start(true)).doesNotThrowAnyException();
    }

    @Test
    void aSchemaThatANewerProgramHasCutBackIsRefused() {
        applied("9001", "needs 9000 drop old lists", true);
        for (boolean migrate : new boolean[] {true, false}) {
            assertThat(refusal(migrate)).contains("newer program", "9001", "9000");
        }
    }

    @Test
    void aMigrationThatFailedIsSaid() {
        sql.change("UPDATE flyway_schema_history SET success = false WHERE version = '0002'");
        assertThat(refusal(true)).contains("half done", "0002");
    }

    @Test
    void aMigrationThatIsNotTheOneThatWasAppliedIsSaid() {
        sql.change("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '0002'");
        assertThat(refusal(true)).contains("0002", "checksum");
        assertThat(refusal(false)).contains("0002", "checksum");
        sql.change(
                "DELETE FROM flyway_schema_history WHERE version = ?",
                schema(true).version());
        assertThat(refusal(true)).contains("0002", "checksum");
    }

    @Test
    void aMigrationThatWasAppliedAndThatNobodyKnowsIsSaid() {
        sql.change("UPDATE flyway_schema_history SET version = '0001.5' WHERE version = '0002'");
        assertThat(refusal(true)).contains("0001.5");
    }

    @Test
    void aUserThatMayNotChangeTheSchemaIsToldWhatTheServerSays() {
        empty();
        sql.change("REVOKE CREATE ON SCHEMA public FROM PUBLIC, CURRENT_USER");
        sql.change("ALTER SCHEMA public OWNER TO pg_database_owner");
        sql.change("REVOKE ALL ON SCHEMA public FROM pg_database_owner");
        withoutPowers();
        // It sees no schema at all, or may make nothing in it.
        assertThat(refusal(true))
                .contains("cannot be migrated")
                .containsAnyOf("permission denied", "no schema has been selected");
    }

    /** Whom the tests log in as on a server of their own may do everything there. */
    private void withoutPowers() {
        if (sql.rows("SELECT rolname FROM pg_roles WHERE rolname = current_user AND rolsuper")
                .isEmpty()) {
            return;
        }
        ((PGSimpleDataSource) source).setOptions("-c role=pg_monitor");
    }

    private void empty() {
        sql.change("DROP SCHEMA public CASCADE");
        sql.change("CREATE SCHEMA public");
    }

    private void applied(String version, String description, boolean success) {
        sql.change("""
                INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,
                    installed_by, execution_time, success)
                SELECT max(installed_rank) + 1, ?, ?, 'SQL', 'V.sql', 1, 'newer', 1, ? FROM flyway_schema_history
                """, version, description, success);
    }

    private void start(boolean migrate) {
        schema(migrate).start(new StartupEvent());
    }

    private String refusal(boolean migrate) {
        String sentence = catchThrowableOfType(StartupCheckFailed.class, () -> start(migrate))
                .getMessage();
        assertThat(sentence).contains("quarkus.datasource.jdbc.url").doesNotContain("\n", "Exception");
        return sentence;
    }

    private Schema schema(boolean migrate) {
        FluentConfiguration configuration =
                Flyway.configure().dataSource(source).locations("classpath:db/migration");
        new MigrationPatience().customize(configuration);
        return new Schema(
                configuration.load(), TestSettings.with(Map.of("moorage.database.migrate", Boolean.toString(migrate))));
    }
}
