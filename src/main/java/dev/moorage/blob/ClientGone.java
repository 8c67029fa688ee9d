package dev.moorage.blob;

import java.io.IOException;

/** The client's bytes ended in an error: it went away, or its connection broke. What came before is in the store. */
public final class ClientGone extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ClientGone(IOException cause) {
        super("the client went away: " + cause.getMessage(), cause);
    }
}
