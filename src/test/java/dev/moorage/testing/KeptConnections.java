package dev.moorage.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections to one database that are used again: a new one costs more than most of what tests do with it.
 *
 * <p>One that is given back is rolled back, and its settings are those of the beginning. Few are kept, over all databases.
 */
@SuppressWarnings("serial")
final class KeptConnections extends PGSimpleDataSource {

    private static final int KEPT = 12;

    /** Those that nobody uses, of all databases, the ones that were used last at the end. */
    private static final Deque<Idle> IDLE = new ArrayDeque<>();

    private record Idle(KeptConnections source, Connection connection) {}

    @Override
    public Connection getConnection() throws SQLException {
        Connection kept = take();
        Lent lent = new Lent(kept == null ? super.getConnection() : kept);
        return (Connection)
                Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, lent);
    }

    /** A connection as its user has it, who may close it more than once. */
    private final class Lent implements InvocationHandler {
        private final Connection real;
        private final AtomicBoolean closed = new AtomicBoolean();

        Lent(Connection real) {
            this.real = real;
        }

        @Override
        public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
            return switch (method.getName()) {
                case "close" -> {
                    if (!closed.getAndSet(true)) {
                        giveBack(real);
                    }
                    yield null;
                }
                case "isClosed" -> closed.get() || real.isClosed();
                case "equals" -> self == arguments[0];
                case "hashCode" -> System.identityHashCode(self);
                default -> {
                    if (closed.get()) {
                        throw new SQLException("this connection is closed");
                    }
                    yield call(real, method, arguments);
                }
            };
        }
    }

    /** Closes those that nobody uses. */
    void forget() throws SQLException {
        for (Connection kept = take(); kept != null; kept = take()) {
            kept.close();
        }
    }

    /** What is set for the next connections is not so for those that are kept. */
    @Override
    public void setOptions(String options) {
        super.setOptions(options);
        try {
            forget();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection take() {
        synchronized (IDLE) {
            for (Idle idle : List.copyOf(IDLE).reversed()) {
                if (idle.source() == this) {
                    IDLE.remove(idle);
                    return idle.connection();
                }
            }
        }
        return null;
    }

    private void giveBack(Connection connection) throws SQLException {
        if (connection.isClosed() || !resets(connection)) {
            connection.close();
            return;
        }
        List<Idle> surplus = new ArrayList<>();
        synchronized (IDLE) {
            IDLE.add(new Idle(this, connection));
            while (IDLE.size() > KEPT) {
                surplus.add(IDLE.removeFirst());
            }
        }
        for (Idle idle : surplus) {
            idle.connection().close();
        }
    }

    /** False for one that its server has ended. */
    private static boolean resets(Connection connection) {
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            try (var statement = connection.createStatement()) {
                statement.execute("RESET ALL");
            }
            return true;
        } catch (SQLException _) {
            return false;
        }
    }

    private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
