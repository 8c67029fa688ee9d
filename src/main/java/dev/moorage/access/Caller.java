package dev.moorage.access;

/**
 * Who makes a request, as the history tells it.
 *
 * @param account the account's name
 * @param address the network address that the request came from
 * @param client the client's own name for itself, cut to 255 characters
 */
public record Caller(String account, String address, String client) {

    private static final int MAX_CLIENT_LENGTH = 255;

    /** Cuts an overlong client name. */
    public Caller {
        client = client.length() > MAX_CLIENT_LENGTH ? client.substring(0, MAX_CLIENT_LENGTH) : client;
    }
}
