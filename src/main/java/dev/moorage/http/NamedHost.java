package dev.moorage.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Optional;

/** By which host a request was sent: its {@code Host}, or what HTTP/2 has in its place ({@code :authority}). */
public final class NamedHost {

    private NamedHost() {}

    /** The host, with a port where it is not the usual one; empty where the request names none. */
    public static Optional<String> of(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Host"))
                .or(() -> Optional.ofNullable(request.authority()).map(HostAndPort::toString));
    }
}
