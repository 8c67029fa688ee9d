package dev.moorage.command;

import dev.moorage.access.Grant;
import dev.moorage.administration.OrganizationService;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Visibility;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is done to organizations before anybody can log in. */
@Command(name = "organization", description = "Makes organizations.")
final class OrganizationCommands extends CommandGroup {

    /** Makes an organization. */
    @Command(name = "create", description = "Makes an organization, beside a registry that serves or alone.")
    static final class Create implements Callable<Integer> {

        @Parameters(paramLabel = "NAME", description = "Its name: the first component of its repositories' names.")
        private String name;

        @Option(names = "--owner", paramLabel = "ACCOUNT", description = "The account that owns it.")
        private Optional<String> owner;

        @Spec
        private CommandSpec spec;

        private final Program program;

        Create(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() {
            OrganizationName parsed = Arguments.organization(spec, name);
            return program.with(OrganizationService.class, organizations -> {
                organizations.create(Grant.command("organization create"), parsed, Visibility.PRIVATE, owner);
                spec.commandLine().getOut().println("organization " + parsed);
                return Commands.DONE;
            });
        }
    }
}
