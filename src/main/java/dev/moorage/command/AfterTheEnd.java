package dev.moorage.command;

import dev.moorage.drain.Drain;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Leaves out what is complained of while the program ends: by the scheduler, work whose turn had come when the signal came, and
 * which was never begun; by the server, a connection that came while its ports closed, which its client sees refused as the next one.
 */
@LoggingFilter(name = "after-the-end")
public final class AfterTheEnd implements Filter {

    private static final String SCHEDULER = "io.quarkus.scheduler.";
    private static final String PORTS = "io.netty.bootstrap.ServerBootstrap";

    @Override
    public boolean isLoggable(LogRecord entry) {
        String from = entry.getLoggerName();
        if (from == null) {
            return true;
        }
        ArcContainer program = Arc.container();
        if (from.startsWith(SCHEDULER)) {
            return program != null;
        }
        return !from.equals(PORTS)
                || (program != null && !program.instance(Drain.class).get().begun());
    }
}
