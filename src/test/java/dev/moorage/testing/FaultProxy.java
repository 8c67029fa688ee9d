package dev.moorage.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a server, on loopback, that a test can cut, or make silent. */
public final class FaultProxy implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;

    private enum Mode {
        PASSING,
        SILENT,
        CUT
    }

    private final String host;
    private final int port;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private Mode mode = Mode.PASSING;

    /** A way to this server, which passes everything. */
    public FaultProxy(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            server = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var unused = Thread.startVirtualThread(this::accept);
    }

    /** Its port on 127.0.0.1. */
    public int port() {
        return server.getLocalPort();
    }

    /** How many connections there were in all. */
    public int accepted() {
        return accepted.get();
    }

    /** Passes everything again, what was held back first. */
    public void heal() {
        set(Mode.PASSING);
    }

    /** Takes connections and bytes, and passes none of them on. */
    public void silence() {
        set(Mode.SILENT);
    }

    /** Breaks all connections, and each new one. */
    public void cut() {
        set(Mode.CUT);
        open.forEach(FaultProxy::close);
    }

    private synchronized void set(Mode next) {
        mode = next;
        notifyAll();
    }

    private synchronized boolean awaitPassage() throws InterruptedException {
        while (mode == Mode.SILENT && !server.isClosed()) {
            wait();
        }
        return mode == Mode.PASSING;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                accepted.incrementAndGet();
                open.add(client);
                var unused = Thread.startVirtualThread(() -> serve(client));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            if (!awaitPassage()) {
                return;
            }
            try (Socket target = new Socket(host, port)) {
                open.add(target);
                Thread back = Thread.startVirtualThread(() -> pump(target, client));
                pump(client, target);
                back.join();
            }
        } catch (IOException _) {
            // One of the two is gone.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.removeIf(Socket::isClosed);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0 && awaitPassage(); read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException _) {
            // One of the two is gone, and now both are.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
