package dev.moorage.command;

import dev.moorage.blob.StoreFailure;
import dev.moorage.config.StartupFailure;
import dev.moorage.embedded.EmbeddedDatabaseSource;
import dev.moorage.error.AdministrationException;
import dev.moorage.error.RegistryException;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/**
 * The program without its listener and its housekeeping, beside another one that serves on the same database or alone.
 *
 * <p>One command a process.
 */
final class StartedProgram implements Program {

    // What a command only looks at it does not make: a bucket by a wrong name would be an empty store.
    // Nor does it put anything there to see what the store makes of it, for the little that it writes.
    private static final Map<String, String> SETTINGS = Map.of(
            "moorage.storage.s3.create-bucket",
            "false",
            "moorage.storage.s3.signed-bodies",
            "always",
            "quarkus.http.host-enabled",
            "false",
            "quarkus.management.host-enabled",
            "false",
            "quarkus.scheduler.enabled",
            "false",
            "moorage.drain.delay",
            "0s",
            "quarkus.log.console.stderr",
            "true",
            EmbeddedDatabaseSource.JOIN,
            "true");

    // Quarkus makes the application itself, and this is how it gets its work.
    private static final AtomicReference<IntSupplier> WORK = new AtomicReference<>(() -> Commands.FAILED);

    private final PrintStream errors;

    StartedProgram(PrintStream errors) {
        this.errors = errors;
    }

    @Override
    public <T> int with(Class<T> useCase, ToIntFunction<T> work) {
        SETTINGS.forEach(System::setProperty);
        WORK.set(() -> done(useCase, work));
        AtomicInteger exitCode = new AtomicInteger(Commands.FAILED);
        Quarkus.run(Work.class, (code, failure) -> exitCode.set(failure == null ? code : failed(failure)));
        return exitCode.get();
    }

    private <T> int done(Class<T> useCase, ToIntFunction<T> work) {
        try {
            return work.applyAsInt(Arc.container().select(useCase).get());
        } catch (AdministrationException e) {
            errors.println("Refused: " + e.getMessage());
            return Commands.FAILED;
        } catch (RegistryException | StoreFailure e) {
            // A signal closes everything under the command, and is known to whoever sent it.
            if (!ApplicationLifecycleManager.isVmShuttingDown()) {
                errors.println("The command was broken off: " + e.getMessage());
            }
            return Commands.FAILED;
        }
    }

    private int failed(Throwable failure) {
        if (!ApplicationLifecycleManager.isVmShuttingDown()) {
            StartupFailure.report(failure, errors);
        }
        return Commands.FAILED;
    }

    /** Runs the command's work once everything is started. */
    static final class Work implements QuarkusApplication {
        @Override
        public int run(String... arguments) {
            return WORK.get().getAsInt();
        }
    }
}
