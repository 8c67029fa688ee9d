package dev.moorage.testing;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The connections of one replica: pooled, with every transaction told of at its commit, where it can be held.
 *
 * <p>A transaction that is held has done all its work and has all its locks. Where somebody listens to what is about to commit,
 * statements that commit by themselves have a transaction, which ends when they give the connection back.
 */
public final class WatchedDataSource implements DataSource, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DataSource source;
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
    private final List<Consumer<Work>> beforeCommit = new CopyOnWriteArrayList<>();
    private final List<Consumer<Work>> afterCommit = new CopyOnWriteArrayList<>();
    private final AtomicInteger rollbacks = new AtomicInteger();

    public WatchedDataSource(DataSource source) {
        this.source = source;
    }

    /**
     * What one transaction did; a statement outside of one counts as a transaction.
     *
     * @param synchronousCommit the setting when it committed
     * @param statements its statements, in their order
     */
    public record Work(String synchronousCommit, List<String> statements) {

        /** Keeps its own copy of the statements. */
        public Work {
            statements = List.copyOf(statements);
        }

        /** Whether one of the statements contains this text. */
        public boolean ran(String part) {
            return statements.stream().anyMatch(sql -> sql.contains(part));
        }
    }

    /** A transaction that waits before its commit. */
    public static final class Held {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        /** Returns when the transaction has all its locks. */
        public void awaitReached() {
            await(reached, "a transaction to hold");
        }

        /** Lets it commit. */
        public void release() {
            released.countDown();
        }

        private void stop() {
            reached.countDown();
            await(released, "the release of a held transaction");
        }

        private static void await(CountDownLatch latch, String what) {
            try {
                if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("waited in vain for " + what);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Holds the next transaction that runs a statement with this text. */
    public Held holdCommitOf(String part) {
        Held held = new Held();
        AtomicBoolean used = new AtomicBoolean();
        beforeCommit.add(work -> {
            if (work.ran(part) && used.compareAndSet(false, true)) {
                held.stop();
            }
        });
        return held;
    }

    /** Tells of every transaction that is about to commit; what the listener throws ends it. */
    public void onCommitting(Consumer<Work> listener) {
        beforeCommit.add(listener);
    }

    /** Tells of every commit that is done. */
    public void onCommitted(Consumer<Work> listener) {
        afterCommit.add(listener);
    }

    /** How many transactions were rolled back: deadlocks among them. */
    public int rollbacks() {
        return rollbacks.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection pooled = idle.poll();
        Connection real = pooled == null ? source.getConnection() : pooled;
        return proxy(Connection.class, new Watcher(real));
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            connection.close();
        }
    }

    private final class Watcher implements InvocationHandler {
        private final Connection real;
        private final List<String> statements = new ArrayList<>();
        private boolean wrapped;

        Watcher(Connection real) {
            this.real = real;
        }

        @Override
        public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
            switch (method.getName()) {
                case "prepareStatement" -> {
                    wrap();
                    ran((String) arguments[0]);
                }
                case "createStatement" -> {
                    return proxy(Statement.class, new StatementWatcher(real.createStatement(), this::ran));
                }
                case "commit" -> {
                    commit();
                    return method.getReturnType().cast(null);
                }
                case "rollback" -> {
                    statements.clear();
                    rollbacks.incrementAndGet();
                }
                case "close" -> {
                    giveBack();
                    return method.getReturnType().cast(null);
                }
                default -> {}
            }
            return call(real, method, arguments);
        }

        private void ran(String sql) {
            statements.add(sql);
        }

        private void wrap() throws SQLException {
            if (!beforeCommit.isEmpty() && real.getAutoCommit()) {
                real.setAutoCommit(false);
                wrapped = true;
            }
        }

        private void unwrap() throws SQLException {
            try {
                commit();
            } finally {
                real.setAutoCommit(true);
                wrapped = false;
            }
        }

        private void commit() throws SQLException {
            Work work = work();
            beforeCommit.forEach(listener -> listener.accept(work));
            real.commit();
            tell(work);
        }

        private Work work() throws SQLException {
            return new Work(Sql.rows(real, "SHOW synchronous_commit").getFirst(), statements);
        }

        private void tell(Work work) {
            statements.clear();
            afterCommit.forEach(listener -> listener.accept(work));
        }

        private void giveBack() throws SQLException {
            if (wrapped && !real.isClosed()) {
                unwrap();
            }
            if (!statements.isEmpty() && real.getAutoCommit()) {
                tell(work());
            }
            if (real.isClosed()) {
                return;
            }
            idle.add(real);
        }
    }

    private record StatementWatcher(Statement real, Consumer<String> ran) implements InvocationHandler {
        @Override
        public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
            if (method.getName().startsWith("execute")) {
                ran.accept((String) arguments[0]);
            }
            return call(real, method, arguments);
        }
    }

    private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
