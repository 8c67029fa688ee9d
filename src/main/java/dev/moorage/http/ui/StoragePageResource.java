package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Largest;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Organization;
import dev.moorage.administration.OrganizationService;
import dev.moorage.administration.Storage;
import dev.moorage.administration.Storage.RegistryStorage;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.http.ui.StorageView.Bar;
import dev.moorage.http.ui.StorageView.Days;
import dev.moorage.http.ui.StorageView.Kept;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** What uses the space of the registry. */
@Path("/console/storage")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class StoragePageResource {

    private final ConsoleRequest request;
    private final Storage storage;
    private final Largest largest;
    private final OrganizationService organizations;
    private final InstantSource time;

    StoragePageResource(
            ConsoleRequest request,
            Storage storage,
            Largest largest,
            OrganizationService organizations,
            InstantSource time) {
        this.request = request;
        this.storage = storage;
        this.largest = largest;
        this.organizations = organizations;
        this.time = time;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance storage(Frame frame, Optional<Kept> kept, List<Bar> largest, Days days);

        static native TemplateInstance choose(
                Frame frame, String what, String page, Listing<Organization> organizations);
    }

    @GET
    public TemplateInstance storage() {
        Grant grant = request.grant();
        try {
            RegistryStorage found = storage.registry(grant);
            return Pages.storage(
                    request.frame(),
                    StorageView.kept(found),
                    StorageView.bars(largest.organizations(grant)),
                    StorageView.removed(found, LocalDate.ofInstant(time.instant(), ZoneOffset.UTC)));
        } catch (Forbidden _) {
            return Pages.choose(request.frame(), "Storage", "storage", organizations.list(grant, request.page()));
        }
    }
}
