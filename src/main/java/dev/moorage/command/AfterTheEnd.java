package dev.moorage.command;

import io.quarkus.arc.Arc;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Leaves out what the scheduler complains of once the program has ended: work whose turn had come when the signal came, and which was
 * never begun.
 */
@LoggingFilter(name = "after-the-end")
public final class AfterTheEnd implements Filter {

    private static final String SCHEDULER = "io.quarkus.scheduler.";

    @Override
    public boolean isLoggable(LogRecord entry) {
        String from = entry.getLoggerName();
        return from == null || !from.startsWith(SCHEDULER) || Arc.container() != null;
    }
}
