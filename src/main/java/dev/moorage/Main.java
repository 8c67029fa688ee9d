package dev.moorage;

import dev.moorage.command.Commands;
import dev.moorage.config.StartupFailure;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Serves, or runs the command that the arguments name; what stops a start is said in one sentence. */
@QuarkusMain
public final class Main {

    Main() {}

    /** Without arguments runs until a signal comes; with arguments until the command is done, and ends with its exit code. */
    public static void main(String... arguments) {
        if (arguments.length > 0) {
            System.exit(Commands.run(arguments));
        }
        // A request target that is no URI would get an empty answer: http.v2.UnreadablePaths gives it one that says
        // why.
        System.setProperty("vertx.disableURIValidation", "true");
        Quarkus.run(null, Main::exit, arguments);
    }

    private static void exit(int code, Throwable failure) {
        if (failure != null) {
            StartupFailure.report(failure, System.err);
        }
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, failure);
    }
}
