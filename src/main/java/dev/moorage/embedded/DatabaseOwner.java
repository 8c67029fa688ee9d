package dev.moorage.embedded;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.Driver;

/** The role and the database of the program on its embedded server. */
final class DatabaseOwner {

    private static final String ROLE_EXISTS = "SELECT 1 FROM pg_roles WHERE rolname = ?";
    private static final String DATABASE_EXISTS = "SELECT 1 FROM pg_database WHERE datname = ?";

    private static final int SECONDS_TO_ANSWER = 10;

    private DatabaseOwner() {}

    /** Makes what is missing, so that a crash between the two leaves nothing that the next start cannot finish. */
    static void ensure(int port, String password) throws IOException {
        try (Connection connection = connect(ServerConnection.superuser(port, password));
                Statement statement = connection.createStatement()) {
            if (isMissing(connection, ROLE_EXISTS, ServerConnection.OWNER)) {
                // The password is base64url: nothing in it to quote.
                statement.execute("CREATE ROLE " + ServerConnection.OWNER + " LOGIN PASSWORD '" + password + "'");
            }
            if (isMissing(connection, DATABASE_EXISTS, ServerConnection.DATABASE)) {
                statement.execute("CREATE DATABASE " + ServerConnection.DATABASE + " OWNER " + ServerConnection.OWNER);
            }
        } catch (SQLException e) {
            throw new IOException("the server does not let its own program in (" + e.getMessage() + ")", e);
        }
    }

    /** Whether the owner gets in: a server that another program is starting may take connections before it has the database. */
    static boolean letsIn(ServerConnection server) {
        try (Connection connection = connect(server)) {
            return connection.isValid(SECONDS_TO_ANSWER);
        } catch (SQLException _) {
            return false;
        }
    }

    private static Connection connect(ServerConnection server) throws SQLException {
        // Not through DriverManager, which knows the drivers of other class loaders.
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        return new Driver().connect(server.url(), properties);
    }

    private static boolean isMissing(Connection connection, String question, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setString(1, name);
            try (ResultSet found = statement.executeQuery()) {
                return !found.next();
            }
        }
    }
}
