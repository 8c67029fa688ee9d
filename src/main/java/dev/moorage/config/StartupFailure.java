package dev.moorage.config;

import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.io.PrintStream;
import java.net.BindException;
import java.util.Optional;

/** What is said when the program does not start: one sentence where the cause lies outside of it. */
public final class StartupFailure {

    private StartupFailure() {}

    /** Prints the sentence, or the whole failure where it is none that the person who starts the program can mend. */
    public static void report(Throwable failure, PrintStream errors) {
        sentence(failure).ifPresentOrElse(errors::println, () -> failure.printStackTrace(errors));
        errors.flush();
    }

    static Optional<String> sentence(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case StartupCheckFailed check -> {
                    return Optional.of(check.getMessage());
                }
                case ConfigValidationException settings -> {
                    return Optional.of(SettingsComplaint.of(settings));
                }
                case QuarkusBindException bind -> {
                    return Optional.of(
                            "The address %s:%d of quarkus.http.host and quarkus.http.port cannot be listened on: another program has it, or it is none of this machine."
                                    .formatted(bind.getHost(), bind.getPort()));
                }
                case IllegalStateException management
                when management.getCause() instanceof BindException -> {
                    // It was free a moment before, when health.ManagementPort looked.
                    return Optional.of(
                            "The address of quarkus.management.host and quarkus.management.port cannot be listened on: another program has it, or it is none of this machine.");
                }
                case ConfigurationException settings -> {
                    return settings.getMessage().lines().findFirst();
                }
                default -> {
                    continue;
                }
            }
        }
        return Optional.empty();
    }
}
