package dev.moorage.command;

import dev.moorage.access.Grant;
import dev.moorage.lifecycle.Finding;
import dev.moorage.lifecycle.FsckOptions;
import dev.moorage.lifecycle.FsckReport;
import dev.moorage.lifecycle.FsckService;
import dev.moorage.lifecycle.FsckSummary;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares the rows of the database with the store of blobs, beside a registry that serves or alone. */
@Command(
        name = "fsck",
        description = {
            "Compares the database with the store of blobs, beside a registry that serves or alone.",
            "It prints a line for each thing that does not fit, and a summary. It only reads, unless told to repair."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:nothing was found",
            "1:something was found",
            "2:the arguments were not understood",
            "3:the check was not done to its end"
        })
final class FsckCommand implements Callable<Integer> {

    @Option(names = "--deep", description = "Reads every byte of every blob and compares the digest.")
    private boolean deep;

    @Option(
            names = "--repair",
            description = {
                "Condemns objects that no row names, which go after moorage.uploads.removal-delay, and abandons multipart uploads"
                        + " that no row knows.",
                "Not after the restore of an older database: what was pushed since has no row."
            })
    private boolean repair;

    @Option(
            names = "--acknowledge",
            description = {
                "Marks the store as this database's once the check is done, so that collection goes on.",
                "After the restore of an older database, or with another store, it removes nothing until then."
            })
    private boolean acknowledge;

    @Spec
    private CommandSpec spec;

    private final Program program;

    FsckCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        FsckOptions options = new FsckOptions(deep ? FsckOptions.Depth.DIGESTS : FsckOptions.Depth.SIZES, mode());
        PrintWriter output = spec.commandLine().getOut();
        return program.with(FsckService.class, fsck -> {
            FsckSummary summary = fsck.check(
                    Grant.command("fsck"),
                    options,
                    new Lines(output, spec.commandLine().getErr()));
            output.println(FsckLine.of(summary));
            return summary.findings() == 0 ? Commands.DONE : Commands.FOUND;
        });
    }

    private FsckOptions.Mode mode() {
        if (repair && acknowledge) {
            // What is repaired is gone: what was found is looked at first.
            throw new ParameterException(spec.commandLine(), "--acknowledge and --repair are two steps");
        }
        return acknowledge ? FsckOptions.Mode.ACKNOWLEDGE : repair ? FsckOptions.Mode.REPAIR : FsckOptions.Mode.READ;
    }

    /** Prints findings at once, and now and then how far the check is. */
    private static final class Lines implements FsckReport {

        private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

        private final PrintWriter output;
        private final PrintWriter errors;
        private long last = System.nanoTime();

        Lines(PrintWriter output, PrintWriter errors) {
            this.output = output;
            this.errors = errors;
        }

        @Override
        public void found(Finding finding) {
            output.println(FsckLine.of(finding));
        }

        @Override
        public void progress(FsckSummary soFar) {
            long now = System.nanoTime();
            if (now - last > PAUSE_NANOS) {
                last = now;
                errors.println("so far: " + FsckLine.of(soFar));
            }
        }
    }
}
