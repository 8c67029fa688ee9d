package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Rights;
import dev.moorage.administration.RightsService;
import dev.moorage.administration.Team;
import dev.moorage.administration.TeamService;
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

/** The teams of an organization, and who is in them. */
@Path("/console/organizations/{organization}/teams")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class TeamsPage {

    private final ConsoleRequest request;
    private final TeamService teams;
    private final RightsService rights;
    private final Forms forms;

    TeamsPage(ConsoleRequest request, TeamService teams, RightsService rights, Forms forms) {
        this.request = request;
        this.teams = teams;
        this.rights = rights;
        this.forms = forms;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance teams(
                Frame frame, String organization, Rights rights, Listing<Team> teams, Sent sent);

        static native TemplateInstance team(
                Frame frame, String organization, Rights rights, String team, Listing<String> members, Sent sent);
    }

    @GET
    public TemplateInstance teams(String organization) {
        return teams(request.grant(), ConsoleRequest.organization(organization), Sent.NOTHING);
    }

    @POST
    public Response make(String organization, InputStream body) {
        return forms.sent(
                "make",
                organization,
                body,
                (grant, name, form) -> {
                    Team made = teams.create(grant, name, Forms.text(form, "name"));
                    return address(name, made.name());
                },
                this::teams);
    }

    @POST
    @Path("{team}/delete")
    public Response delete(String organization, String team, InputStream body) {
        return forms.sent(
                "delete",
                organization,
                body,
                (grant, name, form) -> {
                    teams.delete(grant, name, team);
                    return Shown.organization(name.value()) + "/teams";
                },
                this::teams);
    }

    @GET
    @Path("{team}")
    public TemplateInstance team(String organization, String team) {
        return team(request.grant(), ConsoleRequest.organization(organization), team, Sent.NOTHING);
    }

    @POST
    @Path("{team}/members")
    public Response add(String organization, String team, InputStream body) {
        return forms.sent(
                "add",
                organization,
                body,
                (grant, name, form) -> {
                    teams.add(grant, name, team, Forms.text(form, "account"));
                    return address(name, team);
                },
                (grant, name, sent) -> team(grant, name, team, sent));
    }

    @POST
    @Path("{team}/members/remove")
    public Response remove(String organization, String team, InputStream body) {
        return forms.sent(
                "remove",
                organization,
                body,
                (grant, name, form) -> {
                    teams.remove(grant, name, team, Forms.text(form, "account"));
                    return address(name, team);
                },
                (grant, name, sent) -> team(grant, name, team, sent));
    }

    private TemplateInstance teams(Grant grant, OrganizationName name, Sent sent) {
        Rights may = rights.in(grant, name);
        return Pages.teams(
                request.frame(),
                name.value(),
                may,
                may.owner() ? teams.list(grant, name, request.page()) : Forms.nothing(),
                sent);
    }

    private TemplateInstance team(Grant grant, OrganizationName name, String team, Sent sent) {
        Listing<String> members = teams.members(grant, name, team, request.page());
        return Pages.team(request.frame(), name.value(), rights.in(grant, name), team, members, sent);
    }

    private static String address(OrganizationName organization, String team) {
        return Shown.organization(organization.value()) + "/teams/" + Shown.part(team);
    }
}
