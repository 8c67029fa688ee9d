package dev.moorage.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.administration.AuditPieces;
import dev.moorage.administration.AuditRecord;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Sends rows of the audit trail as lines of JSON, each piece when the client has taken the one before. */
@RequestScoped
public class AuditLines {

    /** What they are. */
    public static final String TYPE = "application/x-ndjson";

    private static final Logger LOG = Logger.getLogger(AuditLines.class);

    private final ObjectMapper json;
    private final HttpServerRequest http;

    AuditLines(ObjectMapper json, HttpServerRequest http) {
        this.json = json;
        this.http = http;
    }

    /** An answer that sends them. */
    public Response of(AuditPieces pieces) {
        StreamingOutput body = out -> {
            try {
                Optional<List<AuditRecord>> rows = pieces.next();
                while (rows.isPresent()) {
                    out.write(bytes(rows.get()));
                    rows = pieces.next();
                }
            } catch (RuntimeException e) {
                // Ended as usual it would look whole.
                LOG.warnf("An export of the audit trail was cut off: %s", e.getMessage());
                http.connection().close();
                throw new IOException(e);
            }
        };
        return Response.ok(body, TYPE).build();
    }

    private byte[] bytes(List<AuditRecord> rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (AuditRecord row : rows) {
            bytes.write(json.writeValueAsBytes(row));
            bytes.write('\n');
        }
        return bytes.toByteArray();
    }
}
