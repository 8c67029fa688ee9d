package dev.moorage.metadata;

import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.metadata.TransactionMeter.Kind;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Opens the transactions of the use cases.
 *
 * <p>Serialization failures and deadlocks (SQLSTATE 40001, 40P01) are retried here and nowhere else; a database that does
 * not answer is {@link Unavailable}. After a failed commit the outcome is unknown, and the caller's request must be safe to
 * repeat.
 */
@Singleton
public class Transactions {

    private static final Logger LOG = Logger.getLogger(Transactions.class);
    private static final int ATTEMPTS = 4;

    /** How long a statement of a list may take. */
    private static final int LIST_SECONDS = 10;

    private final DataSource source;

    public Transactions(DataSource source) {
        this.source = source;
    }

    /** Runs one statement, or several that need no common transaction; each commits by itself. */
    public <T> T read(Function<Transaction, T> body) {
        return attempt(Kind.READ, () -> {
            try (Connection connection = source.getConnection()) {
                return body.apply(new Transaction(connection));
            }
        });
    }

    /** Runs one statement that changes rows and commits by itself, at the cost of one round trip; it survives a power cut. */
    public <T> T once(Function<Transaction, T> body) {
        return attempt(Kind.CHANGE, () -> {
            try (Connection connection = source.getConnection()) {
                return body.apply(new Transaction(connection));
            }
        });
    }

    /**
     * Reads a list, each statement of which may take {@value #LIST_SECONDS} seconds: one that takes longer, as no statement
     * of a page should, is ended and answered as {@link Unavailable}, before a few such requests hold up the database.
     */
    public <T> T list(Function<Transaction, T> body) {
        return call(Durability.POWER_CUT, transaction -> {
            transaction.limit(Duration.ofSeconds(LIST_SECONDS));
            return body.apply(transaction);
        });
    }

    /** Runs a transaction to its commit; an exception of the body rolls it back. */
    public <T> T call(Durability durability, Function<Transaction, T> body) {
        return attempt(Kind.CHANGE, () -> {
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                T result;
                try {
                    if (durability == Durability.PROGRAM_END) {
                        forgoFlush(connection);
                    }
                    result = body.apply(new Transaction(connection));
                    connection.commit();
                } catch (SQLException | RuntimeException | Error e) {
                    rollBack(connection, e);
                    throw e;
                }
                connection.setAutoCommit(true);
                return result;
            }
        });
    }

    /** Runs a transaction of which nothing stays, so that it is known what it would do; its statements may not take long. */
    public <T> T rehearse(Function<Transaction, T> body) {
        return attempt(Kind.READ, () -> {
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                T result;
                try {
                    Transaction transaction = new Transaction(connection);
                    transaction.limit(Duration.ofSeconds(LIST_SECONDS));
                    result = body.apply(transaction);
                    connection.rollback();
                } catch (SQLException | RuntimeException | Error e) {
                    rollBack(connection, e);
                    throw e;
                }
                connection.setAutoCommit(true);
                return result;
            }
        });
    }

    /** Runs a transaction that answers nothing. */
    public void run(Durability durability, Consumer<Transaction> body) {
        call(durability, transaction -> {
            body.accept(transaction);
            return true;
        });
    }

    private static void forgoFlush(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL synchronous_commit = off");
        }
    }

    /** Where even that fails the connection is given up: to switch it back would commit what is open. */
    private static void rollBack(Connection connection, Throwable cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            cause.addSuppressed(e);
            abort(connection, cause);
        }
    }

    private static void abort(Connection connection, Throwable cause) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    @FunctionalInterface
    private interface Attempt<T> {
        T run() throws SQLException;
    }

    private static <T> T attempt(Kind kind, Attempt<T> attempt) {
        for (int made = 1; ; made++) {
            DatabaseFailure failure;
            long begin = System.nanoTime();
            try {
                T result = attempt.run();
                kind.done(begin);
                return result;
            } catch (SQLException e) {
                failure = new DatabaseFailure(e);
            } catch (DatabaseFailure e) {
                failure = e;
            }
            kind.failed(begin);
            if (failure.isConflict() && made < ATTEMPTS) {
                TransactionMeter.repeated();
                pause(made);
                continue;
            }
            if (failure.isTooSlow()) {
                LOG.warn("A statement was ended that took too long");
                throw new Unavailable("this took the database longer than it may: ask for less at once, or later");
            }
            if (failure.isConflict() || failure.isUnavailable()) {
                LOG.warnf("The database did not do it: %s", failure.getMessage());
                throw new Unavailable("the database does not answer");
            }
            throw failure;
        }
    }

    private static void pause(int made) {
        LockSupport.parkNanos(
                TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(5, 25 * made)));
    }
}
