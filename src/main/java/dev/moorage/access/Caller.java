package dev.moorage.access;

import java.util.Map;

/**
 * Who makes a request, as the history tells it.
 *
 * @param account the account's name
 * @param address the network address that the request came from
 * @param client the client's own name for itself, cut to 255 characters
 * @param claims what somebody else has said of him who makes it
 */
public record Caller(String account, String address, String client, Map<String, String> claims) {

    private static final int MAX_CLIENT_LENGTH = 255;

    /** Cuts an overlong client name. */
    public Caller {
        claims = Map.copyOf(claims);
        client = client.length() > MAX_CLIENT_LENGTH ? client.substring(0, MAX_CLIENT_LENGTH) : client;
    }

    /** Of whom nobody else has said anything. */
    public Caller(String account, String address, String client) {
        this(account, address, client, Map.of());
    }
}
