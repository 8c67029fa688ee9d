package dev.moorage.http.v2;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jboss.logging.Logger;

/**
 * The bytes of an answer whose length was announced: where they fail, the connection ends with them.
 *
 * <p>Left to itself the framework ends such an answer as if it were whole, and the client waits on the open connection for
 * the bytes that never come.
 */
final class CutOnFailure extends FilterInputStream {

    private static final Logger LOG = Logger.getLogger(CutOnFailure.class);

    private final HttpServerRequest request;

    CutOnFailure(InputStream bytes, HttpServerRequest request) {
        super(bytes);
        this.request = request;
    }

    /** Sends everything, or all that there is and then the end of the connection. */
    @Override
    public long transferTo(OutputStream out) throws IOException {
        try {
            return in.transferTo(out);
        } catch (IOException | RuntimeException failure) {
            HttpServerResponse answer = request.response();
            if (answer.closed()) {
                throw failure;
            }
            LOG.warnf("A download was cut off: %s", failure.getMessage());
            // Not at once: the framework would never count this request as ended, and wait for it at its own end.
            HttpConnection connection = request.connection();
            answer.bodyEndHandler(ended -> connection.close());
            return 0;
        }
    }
}
