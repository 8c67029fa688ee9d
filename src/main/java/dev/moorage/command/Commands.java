package dev.moorage.command;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * The commands of the program, each of them a class that is named here.
 *
 * <p>A command's own output goes to standard output, everything else to standard error. What cannot be understood is answered
 * with the usage, and that and questions for help start nothing.
 */
@Command(
        name = "moorage",
        description = "Without a command, serves the registry.",
        synopsisSubcommandLabel = "[COMMAND]")
public final class Commands {

    /** The exit code of a command that was done, and has nothing to complain of. */
    static final int DONE = 0;

    /** The exit code of a check that found something. */
    static final int FOUND = 1;

    /** The exit code where the arguments cannot be understood. */
    static final int USAGE = CommandLine.ExitCode.USAGE;

    /** The exit code of a command that could not be done, or not to its end. */
    static final int FAILED = 3;

    @SuppressWarnings("UnusedVariable") // Set by picocli, which acts on it.
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Shows this and starts nothing.")
    private boolean help;

    private Commands() {}

    /** Runs the command that the arguments name, and answers its exit code. */
    public static int run(String... arguments) {
        Charset charset = Charset.defaultCharset();
        PrintWriter output = new PrintWriter(System.out, true, charset);
        PrintWriter errors = new PrintWriter(System.err, true, charset);
        return line(new StartedProgram(System.err), output, errors).execute(arguments);
    }

    static CommandLine line(Program program, PrintWriter output, PrintWriter errors) {
        return new CommandLine(new Commands())
                .addSubcommand(new FsckCommand(program))
                .addSubcommand(new ImagesCommand(program))
                .addSubcommand(new AuditCommand(program))
                .addSubcommand(new MigrateCommand(program))
                .addSubcommand(new CommandLine(new OrganizationCommands())
                        .addSubcommand(new OrganizationCommands.Create(program)))
                .addSubcommand(
                        new CommandLine(new AccountCommands()).addSubcommand(new AccountCommands.Create(program)))
                .addSubcommand(new CommandLine(new RobotCommands()).addSubcommand(new RobotCommands.Create(program)))
                .setOut(output)
                .setErr(errors)
                .setParameterExceptionHandler((e, _) -> notUnderstood(e))
                .setExitCodeExceptionMapper(_ -> FAILED);
    }

    private static int notUnderstood(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println(failure.getMessage());
        command.usage(command.getErr());
        return USAGE;
    }
}
