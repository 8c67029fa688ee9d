package dev.moorage.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Writes down the statements that go through a data source, with their parameters, so that they can be explained. */
public final class CaughtStatements {

    private static final Pattern PARAMETER = Pattern.compile("\\?");

    private final List<Caught> caught = new ArrayList<>();

    /**
     * A statement.
     *
     * @param sql the text with its question marks
     * @param literals the parameters as SQL writes them
     */
    public record Caught(String sql, List<String> literals) {

        /** Keeps its own copy of the parameters. */
        public Caught {
            literals = List.copyOf(literals);
        }

        /** The text with numbered parameters. */
        public String numbered() {
            AtomicInteger number = new AtomicInteger();
            return PARAMETER.matcher(sql).replaceAll(_ -> "\\$" + number.incrementAndGet());
        }
    }

    /** What went through so far. */
    public List<Caught> all() {
        return List.copyOf(caught);
    }

    /** A data source whose prepared statements are written down when they run. */
    public DataSource on(DataSource source) {
        return proxy(DataSource.class, (_, method, arguments) -> {
            Object answer = call(source, method, arguments);
            return answer instanceof Connection connection ? watched(connection) : answer;
        });
    }

    private Connection watched(Connection connection) {
        return proxy(Connection.class, (_, method, arguments) -> {
            Object answer = call(connection, method, arguments);
            return answer instanceof PreparedStatement statement ? watched(statement, (String) arguments[0]) : answer;
        });
    }

    private PreparedStatement watched(PreparedStatement statement, String sql) {
        TreeMap<Integer, String> literals = new TreeMap<>();
        return proxy(PreparedStatement.class, (_, method, arguments) -> {
            switch (method.getName()) {
                case "setNull" -> literals.put((Integer) arguments[0], "NULL");
                case "setObject", "setArray", "setBytes" -> literals.put((Integer) arguments[0], literal(arguments[1]));
                case "executeQuery", "executeUpdate" -> caught.add(new Caught(sql, List.copyOf(literals.values())));
                default -> {}
            }
            return call(statement, method, arguments);
        });
    }

    private static String literal(Object value) throws SQLException {
        return switch (value) {
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case byte[] bytes -> "'\\x" + HexFormat.of().formatHex(bytes) + "'";
            case Array array ->
                "'{"
                        + String.join(
                                ",",
                                Arrays.stream((Object[]) array.getArray())
                                        .map(element -> '"' + element.toString() + '"')
                                        .toList())
                        + "}'";
            default -> "'" + value.toString().replace("'", "''") + "'";
        };
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
