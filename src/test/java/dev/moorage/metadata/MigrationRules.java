package dev.moorage.metadata;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a migration may not do, or only with a line that says why: {@code -- contract: …} takes away what no version in use
 * needs, {@code -- previous version: …} narrows what may be written, {@code -- locks: …} keeps a table from its writers.
 *
 * <p>Whatever is done to a table that the same migration makes is free: nobody works on it yet.
 */
final class MigrationRules {

    private static final Pattern NOT_SQL =
            Pattern.compile("--[^\n]*|/\\*.*?\\*/|'(?:[^']|'')*'|\\$(\\w*)\\$.*?\\$\\1\\$", Pattern.DOTALL);
    private static final String NAME = "(?:IF NOT EXISTS |IF EXISTS |ONLY )*\"?([a-z_0-9]+)\"?";
    private static final Pattern MADE = matching("^CREATE (?:UNLOGGED )?TABLE " + NAME);
    private static final List<Pattern> TABLE_OF = List.of(
            matching("^ALTER TABLE " + NAME),
            matching("^CREATE (?:UNIQUE )?INDEX (?:.*? )?ON " + NAME),
            matching("^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER .*? ON " + NAME),
            matching("^(?:UPDATE|DELETE FROM|TRUNCATE(?: TABLE)?|LOCK(?: TABLE)?) " + NAME));

    /** A rule: what it is about, what it is not about after all, and the mark that lifts it. */
    private record Rule(Pattern broken, Optional<Pattern> unless, String mark, String why) {
        private static Rule of(String broken, String mark, String why) {
            return new Rule(matching(broken), Optional.empty(), mark, why);
        }

        private Rule unless(String pattern) {
            return new Rule(broken, Optional.of(matching(pattern)), mark, why);
        }

        private boolean isBrokenBy(String part) {
            return broken.matcher(part).find()
                    && unless.filter(pattern -> pattern.matcher(part).find()).isEmpty();
        }
    }

    private static final String CONTRACT = "contract";
    private static final String PREVIOUS = "previous version";
    private static final String LOCKS = "locks";

    private static final List<Rule> RULES = List.of(
            Rule.of("^DROP (?!OWNED)", CONTRACT, "takes away what the previous version uses"),
            Rule.of("^TRUNCATE ", CONTRACT, "takes away what the previous version uses"),
            Rule.of("^ALTER \\w+ .*\\bRENAME\\b", CONTRACT, "renames what the previous version uses"),
            Rule.of(
                            "^ALTER TABLE .* DROP (?:COLUMN |CONSTRAINT )?(?!COLUMN|CONSTRAINT)\\w+",
                            CONTRACT,
                            "takes away what the previous version uses")
                    .unless("ALTER (?:COLUMN )?\\w+ DROP (?:NOT NULL|EXPRESSION|IDENTITY)"),
            Rule.of(
                    "^ALTER TABLE .* (?:SET DATA )?TYPE ",
                    CONTRACT,
                    "changes the type of what the previous version uses"),
            Rule.of("^ALTER TABLE .* SET NOT NULL", CONTRACT, "refuses what the previous version writes"),
            Rule.of("^ALTER TABLE .* ADD .*\\bNOT NULL\\b", CONTRACT, "refuses what the previous version writes")
                    .unless("\\bDEFAULT\\b|\\bGENERATED\\b|\\bCHECK\\b"),
            Rule.of(
                    "^ALTER TABLE .* ADD (?:CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\\b",
                    PREVIOUS,
                    "may refuse what the previous version writes"),
            Rule.of("^CREATE UNIQUE INDEX ", PREVIOUS, "may refuse what the previous version writes"),
            Rule.of(
                    "^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER ",
                    PREVIOUS,
                    "may refuse what the previous version writes"),
            Rule.of(
                    "^CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)",
                    LOCKS,
                    "keeps the table from its writers: CREATE INDEX CONCURRENTLY"),
            Rule.of(
                            "^ALTER TABLE .* ADD (?:CONSTRAINT|CHECK|FOREIGN)\\b",
                            LOCKS,
                            "reads the whole table under a lock: NOT VALID, and VALIDATE CONSTRAINT in a later migration")
                    .unless("NOT VALID"),
            Rule.of("^ALTER TABLE .* ADD (?:UNIQUE|PRIMARY|EXCLUDE)\\b", LOCKS, "makes an index under a lock"),
            Rule.of(
                            "^ALTER TABLE .* ADD .*\\b(?:GENERATED|REFERENCES)\\b",
                            LOCKS,
                            "reads or writes the whole table under a lock")
                    .unless("NOT VALID"),
            Rule.of(
                    "^ALTER TABLE .* DEFAULT [^,]*\\(",
                    LOCKS,
                    "may write the whole table under a lock, where the default is another one for each row"),
            Rule.of(
                    "^ALTER TABLE .*\\bVALIDATE CONSTRAINT\\b.*,|^ALTER TABLE .*,.*\\bVALIDATE CONSTRAINT\\b",
                    LOCKS,
                    "validates under the lock of what else it does"),
            Rule.of(
                    "^(?:UPDATE|DELETE FROM) ",
                    LOCKS,
                    "writes rows that others wait for: move them in small pieces, in the background"),
            Rule.of("^(?:LOCK|CLUSTER|VACUUM|REFRESH)\\b", LOCKS, "keeps the table from everybody"),
            Rule.of("^REINDEX (?!.*CONCURRENTLY)", LOCKS, "keeps the table from its writers"));

    private MigrationRules() {}

    /** One sentence for each statement that breaks a rule. */
    static List<String> complaints(String migration) {
        List<String> statements = statements(migration);
        Set<String> made = new HashSet<>();
        statements.forEach(statement -> name(MADE, statement).ifPresent(made::add));
        List<String> complaints = new ArrayList<>();
        for (String statement : statements) {
            if (tableOf(statement).filter(made::contains).isEmpty()) {
                RULES.stream()
                        .filter(rule -> parts(statement).anyMatch(rule::isBrokenBy))
                        .filter(rule -> !isMarked(migration, rule.mark()))
                        .forEach(rule -> complaints.add(
                                "%s, without a line '-- %s: …': %s".formatted(rule.why(), rule.mark(), statement)));
            }
        }
        if (statements.size() > 1 && statements.stream().anyMatch(statement -> statement.contains(" CONCURRENTLY "))) {
            complaints.add("what is done CONCURRENTLY is outside of a transaction, and alone in its migration");
        }
        return complaints;
    }

    /** Each addition of a column by itself, so that the DEFAULT of one does not speak for another. */
    private static Stream<String> parts(String statement) {
        Matcher table = matching("^ALTER TABLE " + NAME).matcher(statement);
        if (!table.find() || statement.contains("VALIDATE CONSTRAINT")) {
            return Stream.of(statement);
        }
        return Stream.of(statement.substring(table.end()).split("(?i),(?= ?(?:ADD|ALTER|DROP|RENAME|VALIDATE|SET) )"))
                .map(part -> table.group() + " " + part.strip());
    }

    /** Statements in one line each and without comments, texts and bodies of functions. */
    private static List<String> statements(String migration) {
        String plain =
                NOT_SQL.matcher(migration).replaceAll(found -> found.group().startsWith("-") ? "" : "''");
        return Stream.of(plain.split(";"))
                .map(statement -> statement.strip().replaceAll("\\s+", " "))
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static Optional<String> tableOf(String statement) {
        return TABLE_OF.stream()
                .flatMap(pattern -> name(pattern, statement).stream())
                .findFirst();
    }

    private static Optional<String> name(Pattern pattern, String statement) {
        Matcher matcher = pattern.matcher(statement);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static boolean isMarked(String migration, String mark) {
        return Pattern.compile("^-- " + mark + ": *\\S", Pattern.MULTILINE)
                .matcher(migration)
                .find();
    }

    private static Pattern matching(String pattern) {
        return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
    }
}
