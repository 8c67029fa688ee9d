package dev.moorage.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A balancer of connections as they stand before replicas: each goes to the next replica whose probe says that it is ready, which
 * is asked a few times a second; one that refuses the connection is passed over.
 */
public final class Balancer implements AutoCloseable {

    private static final Duration BETWEEN_PROBES = Duration.ofMillis(250);
    private static final int BUFFER = 64 * 1024;

    private final ServerSocket server;
    private final List<MoorageProcess> replicas;
    private final Set<MoorageProcess> ready = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();

    /** Stands before these. */
    public Balancer(List<MoorageProcess> replicas) {
        this.replicas = replicas;
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        replicas.forEach(replica -> Thread.startVirtualThread(() -> watch(replica)));
        Thread.startVirtualThread(this::accept);
    }

    /** Where it is. */
    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Waits until it sends something to this replica. */
    public void awaitReady(MoorageProcess replica) {
        Await.until(Duration.ofSeconds(60), "a replica that is ready", () -> ready.contains(replica));
    }

    private void watch(MoorageProcess replica) {
        while (!server.isClosed()) {
            if (isReady(replica)) {
                ready.add(replica);
            } else {
                ready.remove(replica);
            }
            LockSupport.parkNanos(BETWEEN_PROBES.toNanos());
        }
    }

    private static boolean isReady(MoorageProcess replica) {
        try (RawHttp probe = RawHttp.connect(replica.management())) {
            return probe.head("GET", "/q/health/ready", "Connection: close")
                            .answer("GET")
                            .status()
                    == 200;
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.startVirtualThread(() -> serve(client));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        for (int i = 0; i < 2 * replicas.size(); i++) {
            MoorageProcess replica = replicas.get(turn.getAndIncrement() % replicas.size());
            if (!ready.contains(replica)) {
                continue;
            }
            Socket behind = new Socket();
            try {
                behind.connect(
                        new InetSocketAddress(
                                InetAddress.ofLiteral("127.0.0.1"),
                                replica.base().getPort()),
                        2000);
            } catch (IOException _) {
                continue;
            }
            Thread.startVirtualThread(() -> pass(behind, client));
            pass(client, behind);
            return;
        }
        close(client);
    }

    private static void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                out.write(buffer, 0, got);
            }
        } catch (IOException _) {
            // The other direction sees it too.
        }
        close(to);
        close(from);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
