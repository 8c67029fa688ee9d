package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.GivenRole;
import dev.moorage.administration.GrantService;
import dev.moorage.administration.Listing;
import dev.moorage.administration.MemberOriginService;
import dev.moorage.administration.MemberOrigins;
import dev.moorage.administration.MemberService;
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

/** Who may what in an organization: its members, and the roles on its parts. */
@Path("/console/organizations/{organization}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class MembersPage {

    private final ConsoleRequest request;
    private final MemberOriginService origins;
    private final MemberService members;
    private final GrantService grants;
    private final RightsService rights;
    private final Forms forms;

    MembersPage(
            ConsoleRequest request,
            MemberOriginService origins,
            MemberService members,
            GrantService grants,
            RightsService rights,
            Forms forms) {
        this.request = request;
        this.origins = origins;
        this.members = members;
        this.grants = grants;
        this.rights = rights;
        this.forms = forms;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance members(
                Frame frame, String organization, Rights rights, Listing<MemberOrigins> members, Sent sent);

        static native TemplateInstance grants(
                Frame frame, String organization, Rights rights, Listing<GivenRole> grants, Sent sent);
    }

    @GET
    @Path("members")
    public TemplateInstance members(String organization) {
        return members(request.grant(), ConsoleRequest.organization(organization), Sent.NOTHING);
    }

    @POST
    @Path("members")
    public Response set(String organization, InputStream body) {
        return forms.sent(
                "set",
                organization,
                body,
                (grant, name, form) -> {
                    members.setRole(grant, name, Forms.text(form, "account"), Fields.role(Forms.text(form, "role")));
                    return Shown.organization(name.value()) + "/members";
                },
                this::members);
    }

    @POST
    @Path("members/remove")
    public Response remove(String organization, InputStream body) {
        return forms.sent(
                "remove",
                organization,
                body,
                (grant, name, form) -> {
                    members.remove(grant, name, Forms.text(form, "account"));
                    return Shown.organization(name.value()) + "/members";
                },
                this::members);
    }

    @GET
    @Path("grants")
    public TemplateInstance grants(String organization) {
        return grants(request.grant(), ConsoleRequest.organization(organization), Sent.NOTHING);
    }

    @POST
    @Path("grants")
    public Response give(String organization, InputStream body) {
        return forms.sent(
                "give",
                organization,
                body,
                (grant, name, form) -> {
                    grants.give(
                            grant,
                            name,
                            new GrantService.Given(
                                    Fields.holder(Forms.text(form, "holder.kind")),
                                    Forms.text(form, "holder.name"),
                                    Fields.role(Forms.text(form, "role")),
                                    Forms.text(form, "path")));
                    return Shown.organization(name.value()) + "/grants";
                },
                this::grants);
    }

    @POST
    @Path("grants/take")
    public Response take(String organization, InputStream body) {
        return forms.sent(
                "take",
                organization,
                body,
                (grant, name, form) -> {
                    grants.revoke(grant, name, Forms.number(form, "id"));
                    return Shown.organization(name.value()) + "/grants";
                },
                this::grants);
    }

    private TemplateInstance members(Grant grant, OrganizationName name, Sent sent) {
        Rights may = rights.in(grant, name);
        return Pages.members(
                request.frame(),
                name.value(),
                may,
                may.owner() ? origins.list(grant, name, request.page()) : Forms.nothing(),
                sent);
    }

    private TemplateInstance grants(Grant grant, OrganizationName name, Sent sent) {
        Rights may = rights.in(grant, name);
        return Pages.grants(
                request.frame(),
                name.value(),
                may,
                may.partOwner() ? grants.list(grant, name, request.page()) : Forms.nothing(),
                sent);
    }
}
