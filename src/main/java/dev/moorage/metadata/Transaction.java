package dev.moorage.metadata;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One open transaction, or a connection that commits each statement by itself; used by one thread.
 *
 * <p>Parameters are bound in the order of the statement's question marks: strings, numbers, booleans, UUIDs, byte arrays,
 * {@code OffsetDateTime}s, or an array; an empty {@link Optional} is bound as NULL.
 */
public final class Transaction {

    private final Connection connection;

    Transaction(Connection connection) {
        this.connection = connection;
    }

    /** Reads one value from the current row of an answer. */
    @FunctionalInterface
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** An array parameter of type text. */
    record TextArray(List<String> values) {}

    /** An array parameter of another type, by its name in the database. */
    record SqlArray(String type, List<?> values) {
        // The driver sends an array of byte arrays as it is, and of anything else it makes text.
        private Object[] elements() {
            return type.equals("bytea") ? values.toArray(byte[][]::new) : values.toArray();
        }
    }

    /** The first row of the answer; empty where there is none. */
    <T> Optional<T> first(Question<T> question) {
        return first(question.sql(), question.mapper(), question.parameters());
    }

    /** The first row of the answer; empty where there is none. */
    <T> Optional<T> first(String sql, RowMapper<T> mapper, Object... parameters) {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    /** All rows of the answer; the statement bounds how many. */
    <T> List<T> all(String sql, RowMapper<T> mapper, Object... parameters) {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(mapper.map(rows));
            }
            return found;
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    /** The first row of the answer to each of several questions of one text, in their order. */
    <T> List<Optional<T>> firstOfEach(List<Question<T>> questions) {
        Question<T> one = questions.getFirst();
        if (questions.size() == 1) {
            return List.of(first(one.sql(), one.mapper(), one.parameters()));
        }
        List<Optional<T>> found = new ArrayList<>(Collections.nCopies(questions.size(), Optional.empty()));
        all(
                ManyAtOnce.text(one),
                row -> found.set(
                        row.getInt("place") - 1, Optional.of(one.mapper().map(row))),
                ManyAtOnce.parameters(List.copyOf(questions)));
        return found;
    }

    /** Changes rows; answers how many. */
    int change(String sql, Object... parameters) {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    /** Ends each later statement of this transaction that takes longer. */
    void limit(Duration duration) {
        first(
                "SELECT set_config('statement_timeout', ?, true)",
                row -> row.getString(1),
                Long.toString(duration.toMillis()));
    }

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < parameters.length; i++) {
                bind(statement, i + 1, parameters[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        switch (value) {
            case Optional<?> optional when optional.isEmpty() -> statement.setNull(index, Types.NULL);
            case Optional<?> optional -> bind(statement, index, optional.get());
            case TextArray array ->
                statement.setArray(
                        index, connection.createArrayOf("text", array.values().toArray()));
            case SqlArray array -> statement.setArray(index, connection.createArrayOf(array.type(), array.elements()));
            case byte[] bytes -> statement.setBytes(index, bytes);
            default -> statement.setObject(index, value);
        }
    }
}
