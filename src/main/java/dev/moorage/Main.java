package dev.moorage;

import dev.moorage.config.StartupFailure;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the program; what stops its start is said in one sentence. */
@QuarkusMain
public final class Main {

    Main() {}

    /** Runs until a signal comes. */
    public static void main(String... arguments) {
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
