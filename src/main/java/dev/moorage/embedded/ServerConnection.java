package dev.moorage.embedded;

/** How a client reaches the embedded server: a JDBC address on loopback, the owner of the database and its password. */
public record ServerConnection(String url, String user, String password) {

    static final String DATABASE = "moorage";
    static final String OWNER = "moorage";
    static final String SUPERUSER = "postgres";

    static ServerConnection owner(int port, String password) {
        return new ServerConnection(url(port, DATABASE), OWNER, password);
    }

    static ServerConnection superuser(int port, String password) {
        return new ServerConnection(url(port, "postgres"), SUPERUSER, password);
    }

    // Loopback without encryption: asking for it would cost each connection a round trip.
    private static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?sslmode=disable".formatted(port, database);
    }

    /** Without the password, which must not reach a log. */
    @Override
    public String toString() {
        return user + "@" + url;
    }
}
