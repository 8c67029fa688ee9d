package dev.moorage.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that takes every connection and never answers. */
public final class SilentServer implements AutoCloseable {

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();

    public SilentServer() {
        try {
            server = new ServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var unused = Thread.startVirtualThread(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                most.accumulateAndGet(open.size(), Math::max);
                var unused = Thread.startVirtualThread(() -> hold(socket));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void hold(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // The client is gone.
        } finally {
            open.remove(socket);
        }
    }

    /** Its address. */
    public String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** How many connections there are. */
    public int connections() {
        return open.size();
    }

    /** How many connections there were at once. */
    public int most() {
        return most.get();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
