package dev.moorage.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.moorage.access.Grant;
import dev.moorage.administration.AuditFilter;
import dev.moorage.administration.AuditPieces;
import dev.moorage.administration.AuditRecord;
import dev.moorage.administration.AuditService;
import dev.moorage.name.OrganizationName;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the audit trail. */
@Command(
        name = "audit",
        description = {
            "Prints who changed what, and who was denied what, the oldest first, beside a registry that serves or alone.",
            "A line of JSON for each, as /api/v1/audit/export sends them."
        })
final class AuditCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Then or later: a time (2026-01-31T12:00:00Z), or how long ago, as 90d, 12h or 30m.")
    private Optional<String> since;

    @Option(names = "--until", paramLabel = "TIME", description = "Before.")
    private Optional<String> until;

    @Option(
            names = "--organization",
            paramLabel = "NAME",
            description = "In which organization, also one that is deleted.")
    private Optional<String> organization;

    @Option(
            names = "--action",
            paramLabel = "ACTION",
            description = "What was done or tried, as robot.create or robot.*; any of several.")
    private List<String> actions = new ArrayList<>();

    @Option(names = "--actor", paramLabel = "PATTERN", description = "Who; * is any text.")
    private Optional<String> actor;

    @Option(names = "--target", paramLabel = "PATTERN", description = "To what; * is any text.")
    private Optional<String> target;

    @Option(names = "--outcome", paramLabel = "OUTCOME", description = "done or denied.")
    private Optional<String> outcome;

    @Spec
    private CommandSpec spec;

    private final Program program;

    AuditCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        Optional<OrganizationName> name = organization.map(text -> Arguments.organization(spec, text));
        AuditFilter filter =
                new AuditFilter(actions, actor, target, outcome, since.map(this::time), until.map(this::time));
        PrintWriter output = spec.commandLine().getOut();
        return program.with(AuditService.class, audit -> {
            AuditPieces pieces = audit.export(Grant.command("audit"), new AuditService.Everywhere(name, filter));
            Optional<List<AuditRecord>> rows = pieces.next();
            while (rows.isPresent()) {
                rows.get().forEach(row -> output.println(line(row)));
                rows = pieces.next();
            }
            return Commands.DONE;
        });
    }

    private Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException _) {
            return Instant.now().minus(Arguments.time(spec, text));
        }
    }

    private static String line(AuditRecord row) {
        try {
            return JSON.writeValueAsString(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
