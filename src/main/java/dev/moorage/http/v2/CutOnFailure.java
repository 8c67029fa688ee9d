package dev.moorage.http.v2;

import dev.moorage.http.Cut;
import dev.moorage.name.BlobBody;
import io.quarkus.arc.ClientProxy;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * The bytes of an answer whose length was announced: where they fail, the connection ends with them, or the stream in HTTP/2.
 *
 * <p>Left to itself the framework ends such an answer as if it were whole, and the client waits on the open connection for
 * the bytes that never come.
 */
final class CutOnFailure extends FilterInputStream {

    private static final Logger LOG = Logger.getLogger(CutOnFailure.class);

    private static final long LONGEST_END_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final long length;
    private final HttpServerRequest request;

    CutOnFailure(BlobBody.Stream body, HttpServerRequest request) {
        super(body.bytes());
        this.length = body.length();
        // The end comes on another thread, where the stand-in for the request of the moment stands for none.
        this.request = ClientProxy.unwrap(request);
    }

    /** Sends everything, or all that there is and then the end of the connection. */
    @Override
    public long transferTo(OutputStream out) throws IOException {
        try {
            return BodyPump.send(in, length, out, request.response());
        } catch (IOException | RuntimeException failure) {
            HttpServerResponse answer = request.response();
            if (answer.closed()) {
                throw failure;
            }
            LOG.warnf("A download was cut off: %s", failure.getMessage());
            if (Cut.isShared(request)) {
                // At once, before the framework ends the stream as if it were whole; and of one that it cannot end it
                // would
                // end the connection, unless it sees that this has happened.
                Cut.failed(request);
                long end = System.nanoTime() + LONGEST_END_NANOS;
                while (!answer.closed() && System.nanoTime() < end) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
                return 0;
            }
            // Not at once: the framework would never count this request as ended, and wait for it at its own end.
            answer.bodyEndHandler(ended -> Cut.failed(request));
            return 0;
        }
    }
}
