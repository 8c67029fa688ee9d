package dev.moorage.metadata;

import dev.moorage.config.MoorageConfig;
import dev.moorage.config.StartupCheckFailed;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.jboss.logging.Logger;

/**
 * The schema, brought to where the program needs it before anything else asks the database.
 *
 * <p>Replicas that start at once wait for each other. A schema that a newer program has made is taken as it is: the program
 * before it goes on with each change. A migration that an older program would not survive says by its name which one does:
 * {@code V0040__needs_0030_drop_old_lists.sql} is for programs that know the migration 0030.
 */
@ApplicationScoped
public class Schema {

    private static final Logger LOG = Logger.getLogger(Schema.class);
    // Flyway has made spaces of the underscores.
    private static final Pattern NEEDS = Pattern.compile("needs (\\d+)( .*)?");
    private static final Pattern REASON = Pattern.compile("(?m)^Message\\s*: (.*)$");

    private final Flyway flyway;
    private final MoorageConfig config;

    Schema(Flyway flyway, MoorageConfig config) {
        this.flyway = flyway;
        this.config = config;
    }

    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        try {
            ready();
        } catch (FlywayException e) {
            throw new StartupCheckFailed(
                    "The schema of the database in quarkus.datasource.jdbc.url cannot be migrated: " + reason(e), e);
        }
    }

    /** The version of the last migration. */
    public String version() {
        return Optional.ofNullable(flyway.info().current()).map(Schema::version).orElse("none");
    }

    private void ready() {
        MigrationInfoService info = flyway.info();
        demandFit(info);
        demandUnchanged(info);
        if (info.pending().length == 0) {
            return;
        }
        if (!config.database().migrate()) {
            throw new StartupCheckFailed(
                    "The schema of the database in quarkus.datasource.jdbc.url is at version %s, and the program needs %s: run it with the command 'migrate' first, or set moorage.database.migrate=true."
                            .formatted(
                                    Optional.ofNullable(info.current())
                                            .map(Schema::version)
                                            .orElse("none"),
                                    version(info.pending()[info.pending().length - 1])));
        }
        flyway.migrate();
    }

    private static void demandFit(MigrationInfoService info) {
        MigrationVersion own = Arrays.stream(info.all())
                .filter(migration -> migration.getState().isResolved())
                .map(MigrationInfo::getVersion)
                .max(MigrationVersion::compareTo)
                .orElseThrow();
        newer(info)
                .flatMap(migration -> unmet(migration, own).stream())
                .findFirst()
                .ifPresent(sentence -> {
                    throw new StartupCheckFailed(sentence);
                });
        newer(info)
                .reduce((_, last) -> last)
                .ifPresent(last -> LOG.infof(
                        "The schema is that of a newer program (%s, and this one knows %s), and fits",
                        version(last), own));
        Arrays.stream(info.all())
                .filter(migration -> migration.getState().isFailed())
                .findFirst()
                .ifPresent(failed -> {
                    throw new StartupCheckFailed(
                            "The schema of the database in quarkus.datasource.jdbc.url was left half done by the migration %s: bring back a backup from before it."
                                    .formatted(version(failed)));
                });
    }

    /** What was applied is what the program has; what it has yet to apply, and what a newer one did, is no matter here. */
    private void demandUnchanged(MigrationInfoService info) {
        Set<String> pending =
                Arrays.stream(info.pending()).map(Schema::version).collect(Collectors.toUnmodifiableSet());
        flyway.validateWithResult().invalidMigrations.stream()
                .filter(migration -> !pending.contains(migration.version))
                .findFirst()
                .ifPresent(changed -> {
                    throw new StartupCheckFailed(
                            "The schema of the database in quarkus.datasource.jdbc.url was not made by the migrations of this program: %s (%s)."
                                    .formatted(changed.version, firstLine(changed.errorDetails.errorMessage)));
                });
    }

    /** What a newer program has done. */
    private static Stream<MigrationInfo> newer(MigrationInfoService info) {
        return Arrays.stream(info.all()).filter(migration -> switch (migration.getState()) {
            case FUTURE_SUCCESS, FUTURE_FAILED -> true;
            default -> false;
        });
    }

    private static Optional<String> unmet(MigrationInfo migration, MigrationVersion own) {
        Matcher needs = NEEDS.matcher(migration.getDescription());
        return needs.matches() && own.compareTo(MigrationVersion.fromVersion(needs.group(1))) < 0
                ? Optional.of(
                        "The schema of the database in quarkus.datasource.jdbc.url is that of a newer program: its migration %s is for programs that know %s, and this one knows %s at most."
                                .formatted(version(migration), needs.group(1), own))
                : Optional.empty();
    }

    private static String version(MigrationInfo migration) {
        return migration.getVersion().getVersion();
    }

    /** The server's own words, where it was the server that refused. */
    private static String reason(FlywayException failure) {
        String text = String.valueOf(failure.getMessage());
        Matcher server = REASON.matcher(text);
        return server.find() ? server.group(1) : firstLine(text);
    }

    private static String firstLine(String text) {
        return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("no reason given");
    }
}
