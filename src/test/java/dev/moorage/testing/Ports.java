package dev.moorage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Ports for programs that are about to start. */
public final class Ports {

    // Behind the last port that a browser refuses to talk HTTP to, which is 10080.
    private static final int FIRST = 10_088;

    // From here on the system gives ports to whoever connects, and one of those could have it before the program does.
    private static final int BEHIND_THE_LAST = 32_768;

    // Another JVM of the same build asks for ports too, and must not be given one that a program here is about to take.
    private static final int FORKS = 8;
    private static final int FORK = Integer.getInteger("surefire.forkNumber", 0) % FORKS;

    private Ports() {}

    /** A port of the loopback interface on which nobody listens, and which the system gives to nobody by itself. */
    public static int free() {
        while (true) {
            int port = FORKS * RandomGenerator.getDefault().nextInt(FIRST / FORKS, BEHIND_THE_LAST / FORKS) + FORK;
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException _) {
                // Another one.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
