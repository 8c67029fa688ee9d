package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.ImageFilter;
import dev.moorage.administration.ImageService;
import dev.moorage.administration.Listing;
import dev.moorage.administration.OrganizationService;
import dev.moorage.administration.OrganizationSummary;
import dev.moorage.administration.OrganizationSummaryService;
import dev.moorage.administration.RightsService;
import dev.moorage.administration.StoredImage;
import dev.moorage.http.Fields;
import dev.moorage.http.Form;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Sorting;
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

/** The page that everything begins with. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class HomeResource {

    private static final String MAKE = "make";
    private static final Listing.Asked NEWEST = new Listing.Asked("", 10);
    private static final Sorting BY_PUSH = new Sorting(Sorting.Key.PUSHED, Sorting.Direction.DOWN);

    private final ConsoleRequest request;
    private final OrganizationSummaryService summaries;
    private final OrganizationService organizations;
    private final RightsService rights;
    private final ImageService images;

    HomeResource(
            ConsoleRequest request,
            OrganizationSummaryService summaries,
            OrganizationService organizations,
            RightsService rights,
            ImageService images) {
        this.request = request;
        this.summaries = summaries;
        this.organizations = organizations;
        this.rights = rights;
        this.images = images;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance home(
                Frame frame,
                Listing<OrganizationSummary> organizations,
                List<StoredImage> newest,
                boolean administrator,
                Sent sent);
    }

    @GET
    public Response begin() {
        return Response.seeOther(URI.create("/console/")).build();
    }

    @GET
    @Path("console")
    public TemplateInstance home() {
        return page(request.grant(), Sent.NOTHING);
    }

    @POST
    @Path("console/organizations")
    public Response make(InputStream body) {
        Grant grant = request.grant();
        Form form = request.form(body);
        return Forms.tried(() -> Forms.seen(made(grant, form)), refusal -> page(grant, Sent.of(MAKE, form, refusal)));
    }

    private String made(Grant grant, Form form) {
        OrganizationName name = Fields.organization(form.first("name").orElse(""));
        organizations.create(
                grant,
                name,
                Fields.visibility(
                        "defaultVisibility", form.first("defaultVisibility").orElse("")),
                form.first("owner").filter(text -> !text.isEmpty()));
        return Shown.organization(name.value());
    }

    private TemplateInstance page(Grant grant, Sent sent) {
        return Pages.home(
                request.frame(),
                summaries.list(grant, request.page()),
                images.list(grant, ImageFilter.ALL, BY_PUSH, NEWEST).items(),
                rights.isAdministrator(grant),
                sent);
    }
}
