package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Quotas;
import dev.moorage.administration.Repository;
import dev.moorage.administration.RepositoryService;
import dev.moorage.http.Fields;
import dev.moorage.lifecycle.RepositoryDeletionService;
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
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** Repositories; the name of one stands before {@code /-/}, where a filter takes it out. */
@Path("/api/v1/repositories")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class RepositoriesResource {

    private final AdminRequest request;
    private final RepositoryService repositories;
    private final Quotas quotas;
    private final RepositoryDeletionService deletion;

    RepositoriesResource(
            AdminRequest request, RepositoryService repositories, Quotas quotas, RepositoryDeletionService deletion) {
        this.request = request;
        this.repositories = repositories;
        this.quotas = quotas;
        this.deletion = deletion;
    }

    /** A repository to make. */
    @RegisterForReflection
    record NewRepository(
            @JsonProperty(required = true) String name, Optional<String> visibility, Optional<String> description) {}

    /** What may be changed of one. */
    @RegisterForReflection
    record RepositoryChange(Optional<String> name, Optional<String> visibility, Optional<String> description) {}

    @GET
    @Operation(summary = "The repositories that the caller's roles let him pull")
    public Listing<Repository> list() {
        Grant grant = request.grant();
        return repositories.list(grant, request.page());
    }

    @POST
    @Operation(
            summary = "Makes a repository before its first push; who may push does, and who owns it says who sees it")
    public RestResponse<Repository> create(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewRepository.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewRepository asked = request.read(body, NewRepository.class);
        Repository made = repositories.create(
                grant,
                Fields.repository(asked.name()),
                asked.visibility().map(text -> Fields.visibility("visibility", text)),
                asked.description().orElse(""));
        return Answers.created("/api/v1/repositories/" + made.name() + "/-/", made);
    }

    @GET
    @Path("-")
    @Operation(summary = "A repository that the caller may pull from")
    public Repository get() {
        Grant grant = request.grant();
        return repositories.get(grant, request.repository());
    }

    @PATCH
    @Path("-")
    @Operation(summary = "Changes a repository; owners do")
    public Repository change(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = RepositoryChange.class)))
                    InputStream body) {
        Grant grant = request.grant();
        RepositoryChange asked = request.read(body, RepositoryChange.class);
        RepositoryService.Change change = new RepositoryService.Change(
                asked.name(),
                asked.visibility().map(text -> Fields.visibility("visibility", text)),
                asked.description());
        return repositories.change(grant, request.repository(), change);
    }

    @DELETE
    @Path("-")
    @Operation(
            summary =
                    "Deletes a repository with all that is in it, which can be undone; owners do, with immutable-tags=delete also where rules keep tags")
    public void delete(
            @RestQuery("immutable-tags") Optional<String> immutableTags, @RestQuery("why") Optional<String> why) {
        Grant grant = request.grant();
        deletion.delete(grant, request.repository(), Fields.immutability(immutableTags), why);
    }

    @GET
    @Path("-/usage")
    @Operation(
            summary =
                    "What a repository uses, and shares with others; whoever may pull all of its organization sees it")
    public Quotas.SharedUsage usage() {
        Grant grant = request.grant();
        return quotas.repository(grant, request.repository());
    }
}
