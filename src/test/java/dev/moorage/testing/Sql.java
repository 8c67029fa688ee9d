package dev.moorage.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;

/** Looks into a database past the program, and changes it behind its back. */
public final class Sql {

    private final DataSource source;

    public Sql(DataSource source) {
        this.source = source;
    }

    /** Work on one connection. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Runs work on a connection of its own that commits each statement by itself. */
    public <T> T with(Work<T> work) {
        try (Connection connection = source.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs work in one transaction. */
    public <T> T inTransaction(Work<T> work) {
        return with(connection -> {
            connection.setAutoCommit(false);
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        });
    }

    /** All rows of an answer, each its values as text, NULL as {@code -}. */
    public List<String> rows(String sql, Object... parameters) {
        return with(connection -> rows(connection, sql, parameters));
    }

    /** The first number of the first row. */
    public long number(String sql, Object... parameters) {
        return Long.parseLong(rows(sql, parameters).getFirst());
    }

    /** Changes rows; answers how many. */
    public int change(String sql, Object... parameters) {
        return with(connection -> change(connection, sql, parameters));
    }

    /** All rows of an answer, each its values as text joined by blanks, NULL as {@code -}. */
    public static List<String> rows(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            int columns = rows.getMetaData().getColumnCount();
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> values = new ArrayList<>(Collections.nCopies(columns, "-"));
                for (int i = 1; i <= columns; i++) {
                    String value = rows.getString(i);
                    if (value != null) {
                        values.set(i - 1, value);
                    }
                }
                found.add(String.join(" ", values));
            }
            return found;
        }
    }

    /** Changes rows; answers how many. */
    public static int change(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
