package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Largest;
import dev.moorage.administration.Quotas;
import dev.moorage.administration.Storage;
import dev.moorage.administration.Storage.OrganizationStorage;
import dev.moorage.http.ui.StorageView.Bar;
import dev.moorage.http.ui.StorageView.Days;
import dev.moorage.http.ui.StorageView.Growth;
import dev.moorage.http.ui.StorageView.Kept;
import dev.moorage.http.ui.StorageView.Use;
import dev.moorage.name.OrganizationName;
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

/** What uses the space of an organization. */
@Path("/console/organizations/{organization}/storage")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class OrganizationStoragePageResource {

    private final ConsoleRequest request;
    private final Storage storage;
    private final Quotas quotas;
    private final Largest largest;
    private final InstantSource time;

    OrganizationStoragePageResource(
            ConsoleRequest request, Storage storage, Quotas quotas, Largest largest, InstantSource time) {
        this.request = request;
        this.storage = storage;
        this.quotas = quotas;
        this.largest = largest;
        this.time = time;
    }

    /** The page. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance organizationStorage(
                Frame frame,
                String name,
                OrganizationStorage storage,
                List<Use> uses,
                Optional<Kept> kept,
                List<Bar> largest,
                Growth growth,
                Days days);
    }

    @GET
    public TemplateInstance storage(String organization) {
        Grant grant = request.grant();
        OrganizationName name = ConsoleRequest.organization(organization);
        OrganizationStorage found = storage.organization(grant, name);
        LocalDate today = LocalDate.ofInstant(time.instant(), ZoneOffset.UTC);
        return Pages.organizationStorage(
                request.frame(),
                name.value(),
                found,
                StorageView.quota(quotas.organization(grant, name)),
                StorageView.kept(found),
                StorageView.bars(largest.repositories(grant, name)),
                StorageView.growth(found.days(), today),
                StorageView.reclaimed(found, today));
    }
}
