package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Retention;
import dev.moorage.administration.RetentionPolicies;
import dev.moorage.administration.RetentionTarget;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.http.Form;
import dev.moorage.lifecycle.RetentionReport;
import dev.moorage.lifecycle.RetentionService;
import dev.moorage.lifecycle.RetentionService.Asked;
import dev.moorage.lifecycle.RetentionService.Verdicts;
import dev.moorage.name.RetentionPolicy;
import dev.moorage.name.RetentionRule;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** What the pages about the retention of organizations and of repositories show and do alike. */
@ApplicationScoped
class RetentionPages {

    private static final Asked NOTHING_YET = new Asked(new Listing.Asked("", 1), Verdicts.DROP);

    private final ConsoleRequest request;
    private final RetentionPolicies policies;
    private final RetentionService retention;

    RetentionPages(ConsoleRequest request, RetentionPolicies policies, RetentionService retention) {
        this.request = request;
        this.policies = policies;
        this.retention = retention;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance retention(
                Frame frame,
                RetentionPlace place,
                Optional<Retention> policy,
                PolicyDraft draft,
                Optional<String> wrong,
                Listing<RetentionReport.Run> runs);

        static native TemplateInstance retentionRun(
                Frame frame, RetentionPlace place, RetentionReport report, boolean dropsOnly, Optional<String> next);

        static native TemplateInstance retentionConfirm(Frame frame, RetentionPlace place, Retention policy);
    }

    /** The policy that is in force, the form for another one, and what was run. */
    TemplateInstance policy(RetentionTarget target) {
        Grant grant = request.grant();
        Optional<Retention> policy = policies.find(grant, target);
        RetentionPlace place = new RetentionPlace(target);
        // What an organization says is shown below a repository, and is no beginning of the repository's own.
        PolicyDraft draft = policy.filter(
                        found -> found.from().equals(place.repository() ? "repository" : "organization"))
                .map(PolicyDraft::of)
                .orElseGet(PolicyDraft::empty);
        return Pages.retention(
                request.frame(), place, policy, draft, Optional.empty(), retention.runs(grant, target, request.page()));
    }

    /** The form again with more rows; nothing is kept of it. */
    Response edit(RetentionTarget target, InputStream body) {
        Grant grant = request.grant();
        return again(grant, target, PolicyDraft.of(request.form(body)), Optional.empty(), Status.OK);
    }

    /** Sets the policy. */
    Response set(RetentionTarget target, InputStream body) {
        Grant grant = request.grant();
        PolicyDraft draft = PolicyDraft.of(request.form(body));
        RetentionPolicy policy;
        try {
            policy = draft.policy();
        } catch (Invalid e) {
            return refused(grant, target, draft, e);
        }
        policies.put(grant, target, policy);
        return to(target, "");
    }

    /** Takes the policy away. */
    Response remove(RetentionTarget target, InputStream body) {
        Grant grant = request.grant();
        request.form(body);
        policies.remove(grant, target);
        return to(target, "");
    }

    /** Decides by the rules of the form, or by those in force where it has none, and takes nothing away. */
    Response preview(RetentionTarget target, InputStream body) {
        Grant grant = request.grant();
        Form form = request.form(body);
        if (form.first("rule").isEmpty()) {
            return to(target, retention.preview(grant, target, Optional.empty(), NOTHING_YET));
        }
        PolicyDraft draft = PolicyDraft.of(form);
        List<RetentionRule> rules;
        try {
            rules = draft.read();
        } catch (Invalid e) {
            return refused(grant, target, draft, e);
        }
        return to(target, retention.preview(grant, target, Optional.of(rules), NOTHING_YET));
    }

    /** Asks whether the policy in force is to be run. */
    TemplateInstance confirm(RetentionTarget target) {
        Grant grant = request.grant();
        return Pages.retentionConfirm(request.frame(), new RetentionPlace(target), policies.get(grant, target));
    }

    /** Takes away what the policy in force lets go. */
    Response run(RetentionTarget target, InputStream body) {
        Grant grant = request.grant();
        request.form(body);
        return to(target, retention.run(grant, target, NOTHING_YET));
    }

    /** A run with a page of its decisions. */
    TemplateInstance report(RetentionTarget target, String id) {
        Grant grant = request.grant();
        boolean dropsOnly = request.query("verdict").filter("drop"::equals).isPresent();
        RetentionReport report =
                retention.run(grant, target, id, new Asked(request.page(), dropsOnly ? Verdicts.DROP : Verdicts.ALL));
        RetentionPlace place = new RetentionPlace(target);
        Address here = Address.of(place.base() + "/runs/" + report.run().id())
                .with("verdict", dropsOnly ? Optional.of("drop") : Optional.empty());
        return Pages.retentionRun(
                request.frame(),
                place,
                report,
                dropsOnly,
                report.decisions().next().map(after -> here.with("after", after).toString()));
    }

    /** Puts back what a run took away. */
    Response undo(RetentionTarget target, String id, InputStream body) {
        Grant grant = request.grant();
        Optional<String> why =
                request.form(body).first("why").map(String::strip).filter(text -> !text.isEmpty());
        return to(target, retention.undo(grant, target, id, why, NOTHING_YET));
    }

    private Response refused(Grant grant, RetentionTarget target, PolicyDraft draft, Invalid refusal) {
        return again(grant, target, draft, Optional.of(said(refusal)), Status.BAD_REQUEST);
    }

    private Response again(
            Grant grant, RetentionTarget target, PolicyDraft draft, Optional<String> wrong, Status status) {
        TemplateInstance page = Pages.retention(
                request.frame(),
                new RetentionPlace(target),
                policies.find(grant, target),
                draft,
                wrong,
                retention.runs(grant, target, new Listing.Asked("", ConsoleRequest.ROWS)));
        return Response.status(status)
                .entity(page)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                .build();
    }

    /** The sentence of a refusal, and which row it is about: people count from one. */
    private static String said(Invalid refusal) {
        return refusal.field()
                .filter(field -> field.startsWith("rules."))
                .map(field -> field.split("\\.", -1))
                .map(parts -> "Rule " + (Integer.parseInt(parts[1]) + 1) + (parts.length > 2 ? ", " + parts[2] : "")
                        + ": " + refusal.getMessage())
                .orElseGet(refusal::getMessage);
    }

    private static Response to(RetentionTarget target, RetentionReport report) {
        RetentionReport.Run run = report.run();
        return to(target, "/runs/" + run.id() + (run.kind().equals("undo") ? "" : "?verdict=drop"));
    }

    private static Response to(RetentionTarget target, String rest) {
        return Response.seeOther(URI.create(new RetentionPlace(target).base() + rest))
                .build();
    }
}
