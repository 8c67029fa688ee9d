package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.RepositoryService;
import dev.moorage.administration.RepositorySummary;
import dev.moorage.administration.RepositorySummaryService;
import dev.moorage.administration.Rights;
import dev.moorage.administration.RightsService;
import dev.moorage.administration.Storage;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.http.Fields;
import dev.moorage.http.Form;
import dev.moorage.http.ui.StorageView.Growth;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Visibility;
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
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** An organization's repositories. */
@Path("/console/organizations/{organization}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class OrganizationResource {

    private static final String MAKE = "make";

    private final ConsoleRequest request;
    private final RepositorySummaryService summaries;
    private final RepositoryService repositories;
    private final RightsService rights;
    private final Storage storage;
    private final InstantSource time;
    private final Forms forms;

    OrganizationResource(
            ConsoleRequest request,
            RepositorySummaryService summaries,
            RepositoryService repositories,
            RightsService rights,
            Storage storage,
            InstantSource time,
            Forms forms) {
        this.request = request;
        this.summaries = summaries;
        this.repositories = repositories;
        this.rights = rights;
        this.storage = storage;
        this.time = time;
        this.forms = forms;
    }

    /** The page. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance organization(
                Frame frame,
                String organization,
                Rights rights,
                String part,
                Listing<RepositorySummary> repositories,
                boolean empty,
                String first,
                Optional<Growth> growth,
                Sent sent);
    }

    @GET
    public TemplateInstance repositories(String organization) {
        Grant grant = request.grant();
        return page(grant, ConsoleRequest.organization(organization), Sent.NOTHING);
    }

    @POST
    @Path("repositories")
    public Response make(String organization, InputStream body) {
        return forms.sent(MAKE, organization, body, this::made, this::page);
    }

    private String made(Grant grant, OrganizationName organization, Form form) {
        Optional<Visibility> visibility = form.first("visibility")
                .filter(text -> !text.isEmpty())
                .map(text -> Fields.visibility("visibility", text));
        RepositoryName name = Fields.repository(
                organization.value() + '/' + form.first("name").orElse(""));
        repositories.create(
                grant, name, visibility, form.first("description").orElse("").replace("\r\n", "\n"));
        return Shown.repository(name.value());
    }

    private TemplateInstance page(Grant grant, OrganizationName organization, Sent sent) {
        Listing.Asked asked = request.page();
        String part = request.query("part").orElse("");
        if (part.length() > RepositoryName.MAX_LENGTH) {
            throw new Invalid("part", "part has at most " + RepositoryName.MAX_LENGTH + " characters");
        }
        Listing<RepositorySummary> found = summaries.list(grant, organization, part, asked);
        Rights may = rights.in(grant, organization);
        return Pages.organization(
                request.frame(),
                organization.value(),
                may,
                part,
                found,
                found.items().isEmpty() && part.isEmpty() && asked.after().isEmpty(),
                organization.value() + "/hello",
                may.reader() ? Optional.of(growth(grant, organization)) : Optional.empty(),
                sent);
    }

    private Growth growth(Grant grant, OrganizationName organization) {
        return StorageView.growth(
                storage.days(grant, organization, StorageView.DAYS_DRAWN),
                LocalDate.ofInstant(time.instant(), ZoneOffset.UTC));
    }
}
