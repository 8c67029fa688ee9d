package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Rights;
import dev.moorage.administration.RightsService;
import dev.moorage.administration.Robot;
import dev.moorage.administration.RobotService;
import dev.moorage.http.Fields;
import dev.moorage.http.Form;
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
import java.util.Optional;

/** The robots of an organization. */
@Path("/console/organizations/{organization}/robots")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RobotsPage {

    private final ConsoleRequest request;
    private final RobotService robots;
    private final RightsService rights;
    private final Forms forms;

    RobotsPage(ConsoleRequest request, RobotService robots, RightsService rights, Forms forms) {
        this.request = request;
        this.robots = robots;
        this.rights = rights;
        this.forms = forms;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance robots(
                Frame frame, String organization, Rights rights, Listing<Robot> robots, Sent sent);

        static native TemplateInstance robot(Frame frame, String organization, Robot.WithSecret made);
    }

    @GET
    public TemplateInstance robots(String organization) {
        return robots(request.grant(), ConsoleRequest.organization(organization), Sent.NOTHING);
    }

    @POST
    public Response make(String organization, InputStream body) {
        return forms.answered(
                "make",
                organization,
                body,
                (grant, name, form) -> {
                    Robot.WithSecret made = robots.create(grant, name, wanted(form));
                    return Forms.page(Pages.robot(request.frame(), name.value(), made));
                },
                this::robots);
    }

    @POST
    @Path("{robot}/secret")
    public Response rotate(String organization, String robot, InputStream body) {
        return forms.answered(
                "rotate",
                organization,
                body,
                (grant, name, form) -> {
                    Robot.WithSecret made = robots.rotate(grant, name, robot);
                    return Forms.page(Pages.robot(request.frame(), name.value(), made));
                },
                this::robots);
    }

    @POST
    @Path("{robot}/enabled")
    public Response enable(String organization, String robot, InputStream body) {
        return forms.sent(
                "enable",
                organization,
                body,
                (grant, name, form) -> {
                    boolean enabled = Fields.truth("enabled", Forms.text(form, "enabled"));
                    robots.change(
                            grant,
                            name,
                            robot,
                            new RobotService.Change(Optional.empty(), Optional.empty(), Optional.of(enabled)));
                    return address(name);
                },
                this::robots);
    }

    @POST
    @Path("{robot}/delete")
    public Response delete(String organization, String robot, InputStream body) {
        return forms.sent(
                "delete",
                organization,
                body,
                (grant, name, form) -> {
                    robots.delete(grant, name, robot);
                    return address(name);
                },
                this::robots);
    }

    private static RobotService.Wanted wanted(Form form) {
        return new RobotService.Wanted(
                Forms.text(form, "name"),
                Forms.text(form, "description"),
                Forms.some(form, "expiresAt").map(day -> Fields.time("expiresAt", day + "T00:00:00Z")),
                Forms.some(form, "role").map(Fields::role),
                Forms.text(form, "path"));
    }

    private TemplateInstance robots(Grant grant, OrganizationName name, Sent sent) {
        Rights may = rights.in(grant, name);
        return Pages.robots(
                request.frame(),
                name.value(),
                may,
                may.owner() ? robots.list(grant, name, request.page()) : Forms.nothing(),
                sent);
    }

    private static String address(OrganizationName organization) {
        return Shown.organization(organization.value()) + "/robots";
    }
}
