package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.Quotas;
import dev.moorage.http.Fields;
import dev.moorage.name.Quota;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** What an organization uses, and how much it may. */
@Path("/api/v1/organizations/{organization}/quota")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class QuotaResource {

    private final AdminRequest request;
    private final Quotas quotas;

    QuotaResource(AdminRequest request, Quotas quotas) {
        this.request = request;
        this.quotas = quotas;
    }

    /** What an organization may keep; null is no limit, and both are said, so that none is lifted by leaving it out. */
    @RegisterForReflection
    record NewQuota(
            @JsonProperty(required = true) Optional<Long> bytes,
            @JsonProperty(required = true) Optional<Integer> repositories) {}

    @GET
    @Operation(summary = "What an organization uses and may; whoever may pull all of it sees it")
    public Quotas.OrganizationUsage get(String organization) {
        Grant grant = request.grant();
        return quotas.organization(grant, AdminRequest.organization(organization));
    }

    @PUT
    @Operation(summary = "Sets what an organization may keep, null for no limit; administrators do")
    public Quotas.OrganizationUsage set(
            String organization,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewQuota.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewQuota asked = request.read(body, NewQuota.class);
        Quota quota = Fields.quota(asked.bytes(), asked.repositories());
        return quotas.set(grant, AdminRequest.organization(organization), quota);
    }
}
