package dev.moorage.metadata;

import java.sql.SQLException;

/** The database does not answer a probe. */
public final class DatabaseAway extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseAway(SQLException cause) {
        super(String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given"), cause);
    }
}
