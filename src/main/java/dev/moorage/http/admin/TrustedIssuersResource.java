package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.TrustedIssuer;
import dev.moorage.administration.TrustedIssuerService;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

/** The issuers of tokens for CI jobs that an organization trusts. */
@Path("/api/v1/organizations/{organization}/trusted-issuers")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class TrustedIssuersResource {

    private final AdminRequest request;
    private final TrustedIssuerService issuers;

    TrustedIssuersResource(AdminRequest request, TrustedIssuerService issuers) {
        this.request = request;
        this.issuers = issuers;
    }

    /** An issuer to trust. */
    @RegisterForReflection
    record NewIssuer(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) String issuer,
            @JsonProperty(required = true) String audience,
            @JsonProperty(required = true) Map<String, String> claims) {}

    /** What may be changed of one. */
    @RegisterForReflection
    record IssuerChange(
            Optional<String> issuer,
            Optional<String> audience,
            Optional<Map<String, String>> claims,
            Optional<Boolean> enabled) {}

    @GET
    @Operation(summary = "The issuers that the organization trusts; owners see them")
    public Listing<TrustedIssuer> list(String organization) {
        Grant grant = request.grant();
        return issuers.list(grant, AdminRequest.organization(organization), request.page());
    }

    @POST
    @Operation(summary = "Trusts an issuer where the claims match; owners do")
    public RestResponse<TrustedIssuer> create(
            String organization,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewIssuer.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewIssuer asked = request.read(body, NewIssuer.class);
        TrustedIssuerService.Wanted wanted =
                new TrustedIssuerService.Wanted(asked.issuer(), asked.audience(), asked.claims());
        TrustedIssuer made = issuers.create(grant, AdminRequest.organization(organization), asked.name(), wanted);
        return Answers.created("/api/v1/organizations/" + organization + "/trusted-issuers/" + made.name(), made);
    }

    @GET
    @Path("{issuer}")
    @Operation(summary = "A trusted issuer; owners see it")
    public TrustedIssuer get(String organization, String issuer) {
        Grant grant = request.grant();
        return issuers.get(grant, AdminRequest.organization(organization), issuer);
    }

    @PATCH
    @Path("{issuer}")
    @Operation(summary = "Changes what is trusted, which ends the tokens that rest on it; owners do")
    public TrustedIssuer change(
            String organization,
            String issuer,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = IssuerChange.class)))
                    InputStream body) {
        Grant grant = request.grant();
        IssuerChange asked = request.read(body, IssuerChange.class);
        TrustedIssuerService.Change change =
                new TrustedIssuerService.Change(asked.issuer(), asked.audience(), asked.claims(), asked.enabled());
        return issuers.change(grant, AdminRequest.organization(organization), issuer, change);
    }

    @DELETE
    @Path("{issuer}")
    @Operation(summary = "Trusts an issuer no more; owners do")
    public void delete(String organization, String issuer) {
        Grant grant = request.grant();
        issuers.delete(grant, AdminRequest.organization(organization), issuer);
    }
}
