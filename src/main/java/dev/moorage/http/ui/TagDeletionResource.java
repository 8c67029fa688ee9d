package dev.moorage.http.ui;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.administration.ImageTag;
import dev.moorage.administration.TagService;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.http.Form;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.registry.DeleteService;
import dev.moorage.registry.Precondition;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.util.List;

/** The page that asks whether a tag is to be deleted, and deletes it as a client of the registry would. */
@Path("/console/repositories/-/tags/{tag}/delete")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class TagDeletionResource {

    private final ConsoleRequest request;
    private final TagService tags;
    private final DeleteService deletes;

    TagDeletionResource(ConsoleRequest request, TagService tags, DeleteService deletes) {
        this.request = request;
        this.tags = tags;
        this.deletes = deletes;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance tagDeletion(Frame frame, String repository, ImageTag tag);
    }

    @GET
    public TemplateInstance ask(String tag) {
        Grant grant = request.grant();
        ImageTag found = tags.get(grant, request.repository(), tag);
        return Pages.tagDeletion(request.frame(), request.repository().value(), found);
    }

    /** What was seen is deleted: 412 where the tag names something else by now. */
    @POST
    public Response delete(String tag, InputStream body) {
        RepositoryName name = request.repository();
        Grant grant = request.grant(name, Action.DELETE);
        Form form = request.form(body);
        Digest seen = form.first("digest")
                .flatMap(Digest::parse)
                .orElseThrow(() -> new Invalid("digest", "digest is what the tag named on the page"));
        Tag named = Tag.parse(tag).orElseThrow(() -> new NotFound("tag", tag));
        deletes.manifest(grant, named, new Precondition(List.of(Precondition.entityTag(seen)), List.of()));
        return Response.seeOther(URI.create(Shown.repository(name.value()) + "/tags/" + Shown.part(tag) + "/history"))
                .build();
    }
}
