package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.RowMapper;

/**
 * A question whose answer is one row or none: it can be asked by itself, or with others of the same text at once.
 *
 * @param <T> what the row is read as
 */
final class Question<T> {

    private final String sql;
    private final RowMapper<T> mapper;
    private final Object[] parameters;

    Question(String sql, RowMapper<T> mapper, Object... parameters) {
        this.sql = sql;
        this.mapper = mapper;
        this.parameters = parameters.clone();
    }

    String sql() {
        return sql;
    }

    RowMapper<T> mapper() {
        return mapper;
    }

    /** One for each question mark of the text. */
    Object[] parameters() {
        return parameters.clone();
    }
}
