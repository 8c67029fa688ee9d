package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.ImmutabilityRule;
import dev.moorage.administration.ImmutabilityRules;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Rights;
import dev.moorage.administration.RightsService;
import dev.moorage.http.Fields;
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

/** The rules that keep tags on their manifests in an organization. */
@Path("/console/organizations/{organization}/rules")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RulesPage {

    private final ConsoleRequest request;
    private final ImmutabilityRules rules;
    private final RightsService rights;
    private final Forms forms;

    RulesPage(ConsoleRequest request, ImmutabilityRules rules, RightsService rights, Forms forms) {
        this.request = request;
        this.rules = rules;
        this.rights = rights;
        this.forms = forms;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance rules(
                Frame frame, String organization, Rights rights, Listing<ImmutabilityRule> rules, Sent sent);
    }

    @GET
    public TemplateInstance rules(String organization) {
        return page(request.grant(), ConsoleRequest.organization(organization), Sent.NOTHING);
    }

    @POST
    public Response add(String organization, InputStream body) {
        return forms.sent(
                "add",
                organization,
                body,
                (grant, name, form) -> {
                    rules.add(grant, name, Fields.tagPattern(Forms.text(form, "pattern")));
                    return address(name);
                },
                this::page);
    }

    @POST
    @Path("lift")
    public Response lift(String organization, InputStream body) {
        return forms.sent(
                "lift",
                organization,
                body,
                (grant, name, form) -> {
                    rules.remove(grant, name, Forms.number(form, "id"));
                    return address(name);
                },
                this::page);
    }

    private TemplateInstance page(Grant grant, OrganizationName name, Sent sent) {
        Rights may = rights.in(grant, name);
        return Pages.rules(
                request.frame(),
                name.value(),
                may,
                may.reader() ? rules.list(grant, name, request.page()) : Forms.nothing(),
                sent);
    }

    private static String address(OrganizationName organization) {
        return Shown.organization(organization.value()) + "/rules";
    }
}
