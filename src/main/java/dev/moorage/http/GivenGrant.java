package dev.moorage.http;

import dev.moorage.access.Denials;
import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Optional;

/** Whose a request for the use cases is, once that is known, be it for a page or of the management API. */
@RequestScoped
public class GivenGrant {

    private final ContainerRequestContext context;
    private final HttpServerRequest http;
    private final Denials denials;
    private Optional<Grant> given = Optional.empty();

    GivenGrant(ContainerRequestContext context, HttpServerRequest http, Denials denials) {
        this.context = context;
        this.http = http;
        this.denials = denials;
    }

    /** Notes whose it is, and hands the grant on. */
    public Grant noted(Grant grant) {
        given = Optional.of(LogFields.noted(grant));
        return grant;
    }

    /** Whose it is; empty where nobody has shown who he is. */
    public Optional<Grant> find() {
        return given;
    }

    /** Tells the audit trail that the caller was not let do what he asked for. */
    public void tell(Forbidden refusal) {
        given.ifPresent(grant -> denials.add(grant, refusal.subject().orElseGet(this::subject), refusal.getMessage()));
    }

    private AuditSubject subject() {
        Optional<OrganizationName> organization = RepositoryInPath.find(context)
                .map(RepositoryName::organization)
                .or(() -> Optional.ofNullable(
                                context.getUriInfo().getPathParameters().getFirst("organization"))
                        .flatMap(OrganizationName::parse));
        return new AuditSubject(AuditAction.MANAGEMENT_REQUEST, organization, context.getMethod() + ' ' + http.path());
    }
}
