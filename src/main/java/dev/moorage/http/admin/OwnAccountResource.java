package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.OwnAccount;
import dev.moorage.administration.OwnAccountService;
import dev.moorage.administration.PersonalToken;
import dev.moorage.http.Fields;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

/** The caller himself. */
@Path("/api/v1/account")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class OwnAccountResource {

    private final AdminRequest request;
    private final OwnAccountService own;

    OwnAccountResource(AdminRequest request, OwnAccountService own) {
        this.request = request;
        this.own = own;
    }

    /** A password to change. */
    @RegisterForReflection
    record PasswordChange(
            @JsonProperty(required = true) String oldPassword,
            @JsonProperty(required = true) String newPassword) {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** A personal token to make. */
    @RegisterForReflection
    record NewToken(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) List<String> actions,
            Optional<String> prefix,
            Optional<String> expiresAt) {}

    @GET
    @Operation(summary = "Who the caller is and what he holds")
    public OwnAccount get() {
        Grant grant = request.grant();
        return own.get(grant);
    }

    @PUT
    @Path("password")
    @Operation(summary = "Changes the caller's password, which ends what /auth/token gave him; personal tokens stay")
    public void changePassword(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = PasswordChange.class)))
                    InputStream body) {
        Grant grant = request.grant();
        PasswordChange asked = request.read(body, PasswordChange.class);
        own.changePassword(grant, asked.oldPassword(), asked.newPassword());
    }

    @GET
    @Path("tokens")
    @Operation(summary = "The caller's personal tokens, without their secrets")
    public Listing<PersonalToken> tokens() {
        Grant grant = request.grant();
        return own.tokens(grant, request.page());
    }

    @POST
    @Path("tokens")
    @Operation(summary = "Makes a personal token, which is in the answer and nowhere else; by password only")
    public RestResponse<PersonalToken.Made> createToken(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewToken.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewToken asked = request.read(body, NewToken.class);
        OwnAccountService.Wanted wanted = new OwnAccountService.Wanted(
                asked.name(),
                Fields.prefix(asked.prefix().orElse("")),
                Fields.actions(asked.actions()),
                asked.expiresAt().map(text -> Fields.time("expiresAt", text)));
        PersonalToken.Made made = own.createToken(grant, wanted);
        return Answers.created("/api/v1/account/tokens/" + made.id(), made);
    }

    @DELETE
    @Path("tokens/{id}")
    @Operation(summary = "Ends a personal token")
    public void revokeToken(long id) {
        Grant grant = request.grant();
        own.revokeToken(grant, id);
    }
}
