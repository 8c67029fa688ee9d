package dev.moorage.command;

import dev.moorage.metadata.Schema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Brings the schema to where the program needs it, and ends. */
@Command(
        name = "migrate",
        description = {
            "Brings the schema of the database to where this program needs it, beside programs that serve or alone.",
            "With moorage.database.migrate=false nothing else does, and the programs that serve need no right to change it."
        })
final class MigrateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    private final Program program;

    MigrateCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        // Whatever the settings say to programs that serve.
        System.setProperty("moorage.database.migrate", "true");
        return program.with(Schema.class, schema -> {
            spec.commandLine().getOut().println("schema " + schema.version());
            return Commands.DONE;
        });
    }
}
