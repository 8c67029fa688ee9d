package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Organization;
import dev.moorage.administration.OrganizationService;
import dev.moorage.name.OrganizationName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Until when what is deleted now can be brought back. */
@ApplicationScoped
class UndoDeadline {

    private final OrganizationService organizations;
    private final InstantSource time;

    UndoDeadline(OrganizationService organizations, InstantSource time) {
        this.organizations = organizations;
        this.time = time;
    }

    /** The end of the window of an organization that the caller sees. */
    Instant end(Grant grant, OrganizationName organization) {
        return end(organizations.get(grant, organization));
    }

    Instant end(Organization organization) {
        return time.instant().plus(Duration.parse(organization.undoWindow()));
    }
}
