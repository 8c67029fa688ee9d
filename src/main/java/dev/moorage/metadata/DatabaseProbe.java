package dev.moorage.metadata;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration;
import io.agroal.api.security.AgroalDefaultSecurityProvider;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.postgresql.Driver;

/**
 * Asks whether the database is there, over a connection of its own: where requests have all of the pool, that says nothing
 * about the database, and replicas that are busy are not to be taken for dead.
 */
@ApplicationScoped
public class DatabaseProbe {

    private static final String SECONDS = "2";

    private static final String STATE = """
            SELECT pg_is_in_recovery(),
                   (SELECT version FROM flyway_schema_history WHERE success AND version IS NOT NULL
                     ORDER BY installed_rank DESC LIMIT 1)
            """;

    private final AgroalConnectionFactoryConfiguration server;
    private Optional<Connection> connection = Optional.empty();

    DatabaseProbe(AgroalDataSource source) {
        this.server = source.getConfiguration().connectionPoolConfiguration().connectionFactoryConfiguration();
    }

    /**
     * The state of a database that answers.
     *
     * @param standby whether it takes no writes
     * @param schema the version of the last migration
     */
    public record State(boolean standby, String schema) {}

    /**
     * Asks; a connection takes two seconds at most, and so does the answer. Where the connection that was kept is of no use any
     * more, as after a failover, another one is tried at once: that says nothing about the database that is there now.
     *
     * @throws DatabaseAway where there is none
     */
    public synchronized State ask() {
        if (connection.isPresent()) {
            try {
                return ask(connection.get());
            } catch (SQLException _) {
                close();
            }
        }
        try {
            Connection open = connect();
            connection = Optional.of(open);
            return ask(open);
        } catch (SQLException e) {
            close();
            throw new DatabaseAway(e);
        }
    }

    private static State ask(Connection open) throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(STATE);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new State(row.getBoolean(1), row.getString(2));
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(server.jdbcProperties());
        AgroalDefaultSecurityProvider security = new AgroalDefaultSecurityProvider();
        Stream.concat(Stream.ofNullable(server.principal()), server.credentials().stream())
                .forEach(shown -> properties.putAll(security.getSecurityProperties(shown)));
        properties.setProperty("connectTimeout", SECONDS);
        properties.setProperty("loginTimeout", SECONDS);
        properties.setProperty("socketTimeout", SECONDS);
        return new Driver().connect(server.jdbcUrl(), properties);
    }

    @PreDestroy
    synchronized void close() {
        connection.ifPresent(DatabaseProbe::giveUp);
        connection = Optional.empty();
    }

    /** Without a word to the server, for which a server that is silent would let it wait. */
    private static void giveUp(Connection open) {
        try {
            open.abort(Runnable::run);
        } catch (SQLException _) {
            // It is of no use either way.
        }
    }
}
