package dev.moorage.command;

import dev.moorage.access.Grant;
import dev.moorage.administration.Robot;
import dev.moorage.administration.RobotService;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is done to robots before anybody can log in. */
@Command(name = "robot", description = "Makes robots.")
final class RobotCommands extends CommandGroup {

    /** Makes a robot. */
    @Command(
            name = "create",
            description = {
                "Makes a robot of an organization, beside a registry that serves or alone.",
                "It prints the name with which the robot logs in, and its secret, which is shown this once."
            })
    static final class Create implements Callable<Integer> {

        @Parameters(index = "0", paramLabel = "ORGANIZATION", description = "Whose it is.")
        private String organization;

        @Parameters(index = "1", paramLabel = "NAME", description = "Its name in the organization.")
        private String name;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                required = true,
                description = "What it may: reader, writer, maintainer or owner.")
        private String role;

        @Option(
                names = "--prefix",
                paramLabel = "PREFIX",
                description =
                        "Where: repositories whose names begin with these components, the organization's name first.")
        private Optional<String> prefix;

        @Option(names = "--expires", paramLabel = "TIME", description = "How long it may log in, as 90d, 12h or 30m.")
        private Optional<String> expires;

        @Spec
        private CommandSpec spec;

        private final Program program;

        Create(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() {
            OrganizationName owner = Arguments.organization(spec, organization);
            Role given = Arguments.role(spec, role);
            Optional<Instant> end = expires.map(text -> Instant.now().plus(Arguments.time(spec, text)));
            RobotService.Wanted wanted = new RobotService.Wanted(name, "", end, Optional.of(given), path(owner));
            return program.with(RobotService.class, robots -> {
                Robot.WithSecret made = robots.create(Grant.command("robot create"), owner, wanted);
                spec.commandLine().getOut().println("login " + made.robot().login());
                spec.commandLine().getOut().println("secret " + made.secret());
                return Commands.DONE;
            });
        }

        /** What of the prefix lies behind the organization's name. */
        private String path(OrganizationName owner) {
            String text = prefix.orElse(owner.value());
            boolean inside = RepositoryName.parse(text)
                    .filter(parsed -> parsed.organization().equals(owner))
                    .isPresent();
            if (!inside) {
                throw Arguments.wrong(spec, "a prefix begins with the organization's name, as " + owner + "/web");
            }
            return text.equals(owner.value())
                    ? ""
                    : text.substring(owner.value().length() + 1);
        }
    }
}
