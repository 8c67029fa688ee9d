package dev.moorage.testing;

import java.time.Duration;
import javax.sql.DataSource;

/** Sees who waits for a lock in a test's own database. */
public final class LockWatch {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String WAITING = """
            SELECT count(*)
            FROM pg_stat_activity
            WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0
            """;

    private LockWatch() {}

    /** Returns when some transaction of the database waits for another one. */
    public static void awaitWaiting(DataSource source) {
        Sql sql = new Sql(source);
        Await.until(PATIENCE, "a transaction that waits for a lock", () -> sql.number(WAITING) > 0);
    }
}
