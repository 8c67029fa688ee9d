package dev.moorage.embedded;

import dev.moorage.config.StartupCheckFailed;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.postgresql.Driver;

/** Refuses a database server that cannot be reached, does not let the program in, or is too old. */
public final class StartupCheckDatabase {

    private static final int OLDEST = 15;
    private static final String SECONDS_TO_CONNECT = "10";

    private StartupCheckDatabase() {}

    /**
     * Connects once, waiting ten seconds at most.
     *
     * @throws StartupCheckFailed with one sentence that names the setting
     */
    public static void check(String url, String user, String password) {
        Driver driver = new Driver();
        if (!driver.acceptsURL(url)) {
            throw new StartupCheckFailed(
                    "quarkus.datasource.jdbc.url is %s, and must be of the form jdbc:postgresql://host:port/database."
                            .formatted(shown(url)));
        }
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", SECONDS_TO_CONNECT);
        properties.setProperty("loginTimeout", SECONDS_TO_CONNECT);
        properties.setProperty("socketTimeout", SECONDS_TO_CONNECT);
        try (Connection connection = driver.connect(url, properties)) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST) {
                throw new StartupCheckFailed(
                        "The server in quarkus.datasource.jdbc.url (%s) is PostgreSQL %d, and must be %d or newer."
                                .formatted(shown(url), version, OLDEST));
            }
            demandDurability(connection, url);
        } catch (SQLException e) {
            throw new StartupCheckFailed(
                    "The database in quarkus.datasource.jdbc.url (%s) cannot be used as user '%s': %s"
                            .formatted(shown(url), user, oneLine(e)),
                    e);
        }
    }

    /** What has been acknowledged must survive a power cut, and these two decide whether it does. */
    private static void demandDurability(Connection connection, String url) throws SQLException {
        for (String setting : List.of("fsync", "synchronous_commit")) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SHOW " + setting)) {
                if (row.next() && row.getString(1).equals("off")) {
                    throw new StartupCheckFailed(
                            "The server in quarkus.datasource.jdbc.url (%s) has %s = off, with which a power cut loses what was acknowledged: switch it on for this database."
                                    .formatted(shown(url), setting));
                }
            }
        }
    }

    /** A database address as it may be printed: without its parameters, which may hold a password. */
    public static String shown(String url) {
        return url.replaceAll("[?;].*", "").replaceAll("//[^/@]*@", "//");
    }

    private static String oneLine(SQLException e) {
        return e.getMessage().lines().findFirst().orElse("no reason given");
    }
}
