package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.error.AdministrationException;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.http.Form;
import dev.moorage.name.OrganizationName;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Does what a form asks for, and shows the form again with what was typed where it is refused. */
@ApplicationScoped
class Forms {

    private static final MediaType HTML = MediaType.valueOf("text/html;charset=UTF-8");

    private final ConsoleRequest request;

    Forms(ConsoleRequest request) {
        this.request = request;
    }

    /** What a form about an organization does. */
    @FunctionalInterface
    interface Work<T> {
        T of(Grant grant, OrganizationName organization, Form form);
    }

    /** The page of an organization with a form that was refused. */
    @FunctionalInterface
    interface Again {
        TemplateInstance page(Grant grant, OrganizationName organization, Sent sent);
    }

    /**
     * Does what a form about an organization asks for.
     *
     * @param name which form of the page
     * @param work does it, and answers the address of the page that is shown then
     * @param again the page with the form
     */
    Response sent(String name, String organization, InputStream body, Work<String> work, Again again) {
        return answered(name, organization, body, (grant, about, form) -> seen(work.of(grant, about, form)), again);
    }

    /** The same with an answer that is a page by itself: what is shown once stands at no address. */
    Response answered(String name, String organization, InputStream body, Work<Response> work, Again again) {
        Grant grant = request.grant();
        Form form = request.form(body);
        OrganizationName about = ConsoleRequest.organization(organization);
        return tried(
                () -> work.of(grant, about, form), refusal -> again.page(grant, about, Sent.of(name, form, refusal)));
    }

    /** Does something, or shows a page again that says why it was refused; who may not do it is told so without the page. */
    static Response tried(Supplier<Response> work, Function<AdministrationException, TemplateInstance> again) {
        try {
            return work.get();
        } catch (Invalid | Conflict | NotFound refusal) {
            return Response.status(refusal.kind().status())
                    .type(HTML)
                    .entity(again.apply(refusal).render())
                    .build();
        }
    }

    /** A page as the answer to a form. */
    static Response page(TemplateInstance page) {
        return Response.ok(page.render(), HTML).build();
    }

    /** What was typed into a field, without the space around it. */
    static String text(Form form, String name) {
        return form.first(name).orElse("").strip();
    }

    /** The same, where something was typed. */
    static Optional<String> some(Form form, String name) {
        return Optional.of(text(form, name)).filter(text -> !text.isEmpty());
    }

    /** A number that a page wrote into a form. */
    static long number(Form form, String name) {
        try {
            return Long.parseLong(text(form, name));
        } catch (NumberFormatException _) {
            throw new Invalid(name, name + " is a number");
        }
    }

    /** What whoever may not see a list is shown. */
    static <T> Listing<T> nothing() {
        return new Listing<>(List.of(), Optional.empty());
    }

    /** Leads to the page that shows what was done. */
    static Response seen(String address) {
        return Response.seeOther(URI.create(address)).build();
    }
}
