package dev.moorage.http.v2;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import dev.moorage.registry.ListService;
import dev.moorage.registry.Page;
import dev.moorage.registry.Referrer;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * Lists the manifests whose subject is a digest, as an image index (OCI distribution specification, "Listing
 * Referrers").
 */
@Path("/v2/-/referrers")
@RunOnVirtualThread
class ReferrersResource {

    /** About what a referrer without annotations takes. */
    private static final int BYTES_EACH = 320;

    private final ListService lists;
    private final V2Request request;
    private final ObjectMapper json;

    ReferrersResource(ListService lists, V2Request request, ObjectMapper json) {
        this.lists = lists;
        this.request = request;
        this.json = json;
    }

    @GET
    public Response get() {
        Grant grant = request.require(Action.PULL);
        Digest subject = References.digest(request.last());
        PageRequest page = PageRequest.of(request);
        Optional<String> type = request.query("artifactType").filter(text -> !text.isEmpty());
        Page<Referrer> found = lists.referrers(grant, subject, type, page.after(), page.size());
        Response.ResponseBuilder answer =
                Response.ok(index(found.items())).header("Content-Type", MediaType.OCI_INDEX.value());
        type.ifPresent(_ -> answer.header("OCI-Filters-Applied", "artifactType"));
        if (found.more() && !found.items().isEmpty()) {
            answer.header("Link", next(grant, subject, page, found, type));
        }
        return answer.build();
    }

    private static String next(
            Grant grant, Digest subject, PageRequest page, Page<Referrer> found, Optional<String> type) {
        List<String> filter = type.map(text -> List.of("artifactType=" + PageRequest.encoded(text)))
                .orElse(List.of());
        return page.next(
                "/v2/" + grant.repository() + "/referrers/" + subject,
                found.items().getLast().digest().toString(),
                filter);
    }

    private byte[] index(List<Referrer> referrers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(BYTES_EACH * (referrers.size() + 1));
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("schemaVersion", 2);
            out.writeStringField("mediaType", MediaType.OCI_INDEX.value());
            out.writeArrayFieldStart("manifests");
            for (Referrer referrer : referrers) {
                write(out, referrer);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, Referrer referrer) throws IOException {
        out.writeStartObject();
        out.writeStringField("mediaType", referrer.mediaType());
        out.writeStringField("digest", referrer.digest().toString());
        out.writeNumberField("size", referrer.size());
        if (referrer.artifactType().isPresent()) {
            out.writeStringField("artifactType", referrer.artifactType().get());
        }
        if (referrer.annotations().isPresent()) {
            out.writeFieldName("annotations");
            out.writeRawValue(referrer.annotations().get());
        }
        out.writeEndObject();
    }
}
