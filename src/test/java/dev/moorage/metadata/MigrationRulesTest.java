package dev.moorage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a migration may do while the previous version of the program works on the same tables: docs/upgrade.md. */
class MigrationRulesTest {

    private static final Path MIGRATIONS = Path.of("db", "migration");

    /** Those up to here made the schema of the first version: nothing older works on it. */
    private static final int FIRST_VERSION = 21;

    @Test
    void everyMigrationLeavesThePreviousVersionAtWork() throws IOException {
        List<String> complaints = new ArrayList<>();
        for (Path file : migrations()) {
            if (number(file) > FIRST_VERSION) {
                MigrationRules.complaints(Files.readString(file))
                        .forEach(complaint -> complaints.add(file.getFileName() + ": " + complaint));
            }
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void theEndOfAChangeNamesTheMigrationThatAProgramMustKnow() throws IOException {
        for (Path file : migrations()) {
            if (Files.readString(file).lines().anyMatch(line -> line.startsWith("-- contract:"))) {
                assertThat(file.getFileName().toString()).matches("V[0-9]{4}__needs_[0-9]{4}_.*");
            }
        }
    }

    @Test
    void theMigrationsOfTheFirstVersionAreThere() throws IOException {
        assertThat(migrations().stream().filter(file -> number(file) <= FIRST_VERSION))
                .hasSize(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE tag;",
                "ALTER TABLE tag DROP COLUMN note;",
                "ALTER TABLE tag DROP note;",
                "ALTER TABLE tag DROP CONSTRAINT tag_name_check;",
                "ALTER TABLE tag RENAME COLUMN note TO remark;",
                "ALTER TABLE tag RENAME TO label;",
                "ALTER TABLE tag ALTER COLUMN note TYPE bigint;",
                "alter table tag\n  alter note set data type bigint;",
                "ALTER TABLE tag ALTER COLUMN note SET NOT NULL;",
                "ALTER TABLE tag ALTER COLUMN note DROP DEFAULT;",
                "ALTER TABLE tag ADD COLUMN note text NOT NULL;",
                "ALTER TABLE tag ADD COLUMN a int, ADD note text COLLATE \"C\" NOT NULL;",
                "ALTER TYPE mood RENAME VALUE 'sad' TO 'unhappy';",
                "DROP INDEX tag_by_name;",
                "DROP FUNCTION guard();",
                "TRUNCATE tag;"
            })
    void whatTakesSomethingAwayIsMarkedAsTheEndOfAChange(String statement) {
        assertThat(MigrationRules.complaints(statement)).isNotEmpty();
        assertThat(MigrationRules.complaints("-- contract: nothing reads it since 0.3\n" + statement))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE tag ADD CONSTRAINT short CHECK (length(note) < 9) NOT VALID;",
                "ALTER TABLE tag ADD CHECK (note <> '') NOT VALID;",
                "CREATE UNIQUE INDEX CONCURRENTLY tag_note ON tag (note);",
                "CREATE TRIGGER guard BEFORE INSERT ON tag EXECUTE FUNCTION guard();"
            })
    void whatMightRefuseTheWritesOfThePreviousVersionSaysWhyItDoesNot(String statement) {
        assertThat(MigrationRules.complaints(statement)).isNotEmpty();
        assertThat(MigrationRules.complaints("-- previous version: it writes no note\n" + statement))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE INDEX tag_note ON tag (note);",
                "CREATE INDEX IF NOT EXISTS tag_note ON ONLY tag USING gin (note);",
                "ALTER TABLE tag ADD COLUMN token uuid DEFAULT gen_random_uuid();",
                "ALTER TABLE tag ADD COLUMN total bigint GENERATED ALWAYS AS (a + b) STORED;",
                "ALTER TABLE tag VALIDATE CONSTRAINT short, ADD COLUMN note text;",
                "UPDATE tag SET note = '';",
                "DELETE FROM tag;",
                "LOCK TABLE tag;",
                "REINDEX TABLE tag;",
                "VACUUM FULL tag;",
                "CLUSTER tag USING tag_note;"
            })
    void whatKeepsATableLockedSaysWhyThatIsShort(String statement) {
        assertThat(MigrationRules.complaints(statement)).isNotEmpty();
        assertThat(MigrationRules.complaints("-- locks: some hundred rows at most\n" + statement))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE label (name text NOT NULL); CREATE UNIQUE INDEX label_name ON label (name); ALTER TABLE label ADD CHECK (name <> '');",
                "ALTER TABLE tag ADD COLUMN note text;",
                "ALTER TABLE tag ADD COLUMN note text NOT NULL DEFAULT '';",
                "ALTER TABLE tag ADD COLUMN note bigint NOT NULL DEFAULT 0, ADD COLUMN other text;",
                "CREATE INDEX CONCURRENTLY tag_note ON tag (note);",
                "ALTER TABLE tag VALIDATE CONSTRAINT short;",
                "ALTER TABLE tag ALTER COLUMN note DROP NOT NULL;",
                "ALTER TABLE tag ALTER COLUMN note SET DEFAULT '';",
                "COMMENT ON COLUMN tag.note IS 'DROP TABLE tag; it is only a text';",
                "/* RENAME TO */ INSERT INTO label VALUES ('ALTER TABLE tag RENAME TO x'); -- DROP TABLE tag",
                "CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN DELETE FROM tag; RETURN NEW; END$$;"
            })
    void whatOnlyAddsNeedsNoMark(String statements) {
        assertThat(MigrationRules.complaints(statements)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-- contract:            | DROP TABLE tag;",
                "-- locks: it is short   | DROP TABLE tag;",
                "-- contract: not needed | CREATE INDEX tag_note ON tag (note);"
            })
    void aMarkStandsForItsOwnRuleAndSaysSomething(String mark, String statement) {
        assertThat(MigrationRules.complaints(mark + System.lineSeparator() + statement))
                .isNotEmpty();
    }

    @Test
    void anIndexThatIsMadeBesideTheWritersIsAloneInItsMigration() {
        assertThat(MigrationRules.complaints(
                        "CREATE INDEX CONCURRENTLY tag_note ON tag (note); ALTER TABLE tag ADD COLUMN other text;"))
                .isNotEmpty();
    }

    private static List<Path> migrations() throws IOException {
        try (Stream<Path> files = Files.list(MIGRATIONS)) {
            return files.filter(file -> file.toString().endsWith(".sql"))
                    .sorted()
                    .toList();
        }
    }

    private static int number(Path file) {
        return Integer.parseInt(file.getFileName().toString().substring(1, 5));
    }
}
