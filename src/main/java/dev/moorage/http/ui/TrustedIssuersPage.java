package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Rights;
import dev.moorage.administration.RightsService;
import dev.moorage.administration.TrustedIssuer;
import dev.moorage.administration.TrustedIssuerService;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.name.OrganizationName;
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
import java.util.LinkedHashMap;
import java.util.Map;

/** The issuers of tokens for CI jobs that an organization trusts. */
@Path("/console/organizations/{organization}/trusted-issuers")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class TrustedIssuersPage {

    private final ConsoleRequest request;
    private final TrustedIssuerService issuers;
    private final RightsService rights;
    private final Forms forms;

    TrustedIssuersPage(ConsoleRequest request, TrustedIssuerService issuers, RightsService rights, Forms forms) {
        this.request = request;
        this.issuers = issuers;
        this.rights = rights;
        this.forms = forms;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance issuers(
                Frame frame, String organization, Rights rights, Listing<TrustedIssuer> issuers, Sent sent);
    }

    @GET
    public TemplateInstance issuers(String organization) {
        return page(request.grant(), ConsoleRequest.organization(organization), Sent.NOTHING);
    }

    @POST
    public Response add(String organization, InputStream body) {
        return forms.sent(
                "add",
                organization,
                body,
                (grant, name, form) -> {
                    issuers.create(
                            grant,
                            name,
                            Forms.text(form, "name"),
                            new TrustedIssuerService.Wanted(
                                    Forms.text(form, "issuer"),
                                    Forms.text(form, "audience"),
                                    claims(form.first("claims").orElse(""))));
                    return address(name);
                },
                this::page);
    }

    @POST
    @Path("{issuer}/delete")
    public Response delete(String organization, String issuer, InputStream body) {
        return forms.sent(
                "delete",
                organization,
                body,
                (grant, name, form) -> {
                    issuers.delete(grant, name, issuer);
                    return address(name);
                },
                this::page);
    }

    /** Lines as {@code ref=refs/heads/main}. */
    static Map<String, String> claims(String text) {
        Map<String, String> claims = new LinkedHashMap<>();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals < 1
                    || claims.put(
                                    line.substring(0, equals).strip(),
                                    line.substring(equals + 1).strip())
                            != null) {
                throw new Invalid("claims", "claims are lines as ref=refs/heads/main, each with another name");
            }
        });
        return claims;
    }

    private TemplateInstance page(Grant grant, OrganizationName name, Sent sent) {
        Rights may = rights.in(grant, name);
        return Pages.issuers(
                request.frame(),
                name.value(),
                may,
                may.owner() ? issuers.list(grant, name, request.page()) : Forms.nothing(),
                sent);
    }

    private static String address(OrganizationName organization) {
        return Shown.organization(organization.value()) + "/trusted-issuers";
    }
}
