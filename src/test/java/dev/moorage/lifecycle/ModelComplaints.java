package dev.moorage.lifecycle;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the collectors complain of in the log: they go on, whatever fails, and nobody else would hear of it. */
final class ModelComplaints extends Handler implements AutoCloseable {

    private static final List<Class<?>> HEARD = List.of(GarbageCollector.class, TombstoneSweeper.class);

    private final List<String> found = new CopyOnWriteArrayList<>();
    private final List<Logger> loggers =
            HEARD.stream().map(type -> Logger.getLogger(type.getName())).toList();

    private ModelComplaints() {}

    static ModelComplaints listen() {
        ModelComplaints complaints = new ModelComplaints();
        complaints.loggers.forEach(logger -> logger.addHandler(complaints));
        return complaints;
    }

    /** Fails where something failed that is no database under way with others. */
    void demandNone() {
        if (!found.isEmpty()) {
            throw new AssertionError("collection failed, and went on: " + found);
        }
    }

    @Override
    public void publish(LogRecord line) {
        String text = line.getMessage() + Arrays.toString(line.getParameters());
        if (line.getLevel().intValue() >= Level.WARNING.intValue() && !text.contains("the database does not answer")) {
            found.add(text);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        loggers.forEach(logger -> logger.removeHandler(this));
    }
}
