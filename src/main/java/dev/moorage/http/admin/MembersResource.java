package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Member;
import dev.moorage.administration.MemberService;
import dev.moorage.http.Fields;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** The accounts that hold a role in an organization. */
@Path("/api/v1/organizations/{organization}/members")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class MembersResource {

    private final AdminRequest request;
    private final MemberService members;

    MembersResource(AdminRequest request, MemberService members) {
        this.request = request;
        this.members = members;
    }

    /** A member's role. */
    @RegisterForReflection
    record MemberRole(@JsonProperty(required = true) String role) {}

    @GET
    @Operation(summary = "The accounts that hold a role, of their own or of a team; owners see them")
    public Listing<Member> list(String organization) {
        Grant grant = request.grant();
        return members.list(grant, AdminRequest.organization(organization), request.page());
    }

    @PUT
    @Path("{account}")
    @Operation(summary = "Sets an account's role on the whole organization; owners do")
    public Member put(
            String organization,
            String account,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = MemberRole.class)))
                    InputStream body) {
        Grant grant = request.grant();
        MemberRole asked = request.read(body, MemberRole.class);
        return members.setRole(grant, AdminRequest.organization(organization), account, Fields.role(asked.role()));
    }

    @DELETE
    @Path("{account}")
    @Operation(summary = "Takes all roles and teams in the organization from an account; the last owner stays")
    public void delete(String organization, String account) {
        Grant grant = request.grant();
        members.remove(grant, AdminRequest.organization(organization), account);
    }
}
