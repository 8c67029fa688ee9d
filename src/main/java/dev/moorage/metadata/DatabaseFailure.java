package dev.moorage.metadata;

import java.sql.SQLException;

/** A statement failed; {@link Transactions} decides what that means for the caller. */
final class DatabaseFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseFailure(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    private String state() {
        String state = ((SQLException) getCause()).getSQLState();
        return state == null ? "" : state;
    }

    /** Another transaction came first: the same work may succeed when it is done again. */
    boolean isConflict() {
        return state().equals("40001") || state().equals("40P01");
    }

    /** The statement was ended, as a rule because it took longer than it may. */
    boolean isTooSlow() {
        return state().equals("57014");
    }

    /** Something of the same name is there already. */
    boolean isTaken() {
        return state().equals("23505");
    }

    /** The database is away, starting, stopping, closed to us, read-only, full, locked for too long, or took too long. */
    boolean isUnavailable() {
        String state = state();
        return state.isEmpty()
                || state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("28")
                || state.startsWith("3D")
                || state.startsWith("55")
                || state.startsWith("57")
                || state.startsWith("58")
                || state.equals("25006");
    }
}
