package dev.moorage.http.ui;

import dev.moorage.access.Access;
import dev.moorage.access.Action;
import dev.moorage.access.Caller;
import dev.moorage.access.Credentials;
import dev.moorage.access.Grant;
import dev.moorage.access.Visitor;
import dev.moorage.administration.Listing;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.error.RegistryException.CrossSite;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.http.ClientAddress;
import dev.moorage.http.ConsoleCookies;
import dev.moorage.http.Form;
import dev.moorage.http.GivenGrant;
import dev.moorage.http.NamedHost;
import dev.moorage.http.RepositoryInPath;
import dev.moorage.http.SlowBodies;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** What a request for a page is about, and who makes it. */
@RequestScoped
class ConsoleRequest {

    /** How many rows a list shows. */
    static final int ROWS = 50;

    private static final String CSRF = "csrf";
    private static final String PASSWORD = "password";
    private static final int MAX_AFTER = 1024;

    private final ContainerRequestContext context;
    private final HttpServerRequest http;
    private final Access access;
    private final ClientAddress addresses;
    private final SlowBodies slowBodies;
    private final ConsoleCookies cookies;
    private final GivenGrant given;
    private Optional<String> formText = Optional.empty();

    ConsoleRequest(
            ContainerRequestContext context,
            HttpServerRequest http,
            Access access,
            ClientAddress addresses,
            SlowBodies slowBodies,
            ConsoleCookies cookies,
            GivenGrant given) {
        this.context = context;
        this.http = http;
        this.access = access;
        this.addresses = addresses;
        this.slowBodies = slowBodies;
        this.cookies = cookies;
        this.given = given;
    }

    /** A grant for the use cases; 401, which leads to the log-in, where nobody has logged in. */
    Grant grant() {
        return given.find()
                .orElseGet(() -> given.noted(
                        access.secured() ? access.administration(visitor()) : access.openAdministration(caller())));
    }

    /** A grant to do something to a repository as its clients do; 404 where the caller may not. */
    Grant grant(RepositoryName repository, Action action) {
        grant();
        return access.secured()
                ? access.offered(visitor(), repository, action)
                        .orElseThrow(() -> new NotFound("repository", repository.value()))
                : access.openFurther(caller(), repository);
    }

    /**
     * A grant for what only the owner of an account may do himself, and who holds a session of his may not: the form brings his
     * password anew, in the field {@code password}. 403 where that is another one, 429 after too many of those.
     */
    Grant himself(Form form) {
        Grant grant = grant();
        return access.secured()
                ? access.himself(grant, form.first(PASSWORD).orElse(""))
                        .orElseThrow(() -> new Forbidden("the password is another one"))
                : grant;
    }

    /** Whether it is known by now who makes it. */
    boolean isKnown() {
        return given.find().isPresent();
    }

    /** What stands around the page. */
    Frame frame() {
        return new Frame(
                !access.secured(),
                given.find().filter(_ -> access.secured()).map(grant -> grant.caller()
                        .account()),
                NamedHost.of(http).orElse(""),
                http.isSSL()
                        || "https".equals(access.address(NamedHost.of(http)).getScheme()),
                csrf());
    }

    /** What the form of the log-in has to bring back: there is no session yet that it could be bound to. */
    String loginCsrf() {
        return ConsoleCookies.csrf(formText());
    }

    /**
     * A form of this console, 64 KiB at most; 403 where it comes from elsewhere, before anything is done by it. Where there is
     * no session any more it leads to the log-in.
     */
    Form form(InputStream body) {
        return checked(holder(), Form.read(slowBodies.watched(body, http)));
    }

    /** A form of this console of so many bytes at most; 403 as for others. */
    Form form(InputStream body, int limit) {
        return checked(holder(), Form.read(slowBodies.watched(body, http), limit));
    }

    /** A form of this console with a file, of so many bytes at most; 403 as for others. */
    MultipartForm multipart(InputStream body, int limit) {
        String holder = holder();
        MultipartForm form = MultipartForm.read(
                slowBodies.watched(body, http), Optional.ofNullable(http.getHeader("Content-Type")), limit);
        demandOwn(holder, form.text(CSRF));
        return form;
    }

    /** The form of the log-in, in the same way. */
    Form loginForm(InputStream body) {
        String holder = cookies.form(http).orElseThrow(ConsoleRequest::fromElsewhere);
        return checked(holder, Form.read(slowBodies.watched(body, http)));
    }

    /** The cookie that the browser's forms were made for. */
    private String holder() {
        return access.secured()
                ? cookies.session(http).orElseThrow(() -> new Unauthorized("Session"))
                : cookies.form(http).orElseThrow(ConsoleRequest::fromElsewhere);
    }

    private static Form checked(String holder, Form form) {
        demandOwn(holder, form.first(CSRF));
        return form;
    }

    private static void demandOwn(String holder, Optional<String> csrf) {
        if (!ConsoleCookies.fits(holder, csrf.orElse(""))) {
            throw fromElsewhere();
        }
    }

    /** Answers under another policy than pages have, for what is none of them. */
    void policy(String policy) {
        http.response().putHeader("Content-Security-Policy", policy);
    }

    private static CrossSite fromElsewhere() {
        return new CrossSite(
                "this form is not of a page that you have open: go back, reload it, and send it again. Where that does not help, this browser does not keep the console's cookies, which in secured mode it is given by https only");
    }

    /** Which page of a list is asked for. */
    Listing.Asked page() {
        String after = query("after").orElse("");
        if (after.length() > MAX_AFTER || after.chars().anyMatch(Character::isISOControl)) {
            throw new Invalid("after", "after is what next was on the page before");
        }
        return new Listing.Asked(after, ROWS);
    }

    /** A parameter that is there, and not empty. */
    Optional<String> query(String name) {
        return Optional.ofNullable(context.getUriInfo().getQueryParameters().getFirst(name))
                .filter(text -> !text.isEmpty());
    }

    /** All values of a parameter that are not empty. */
    List<String> queries(String name) {
        return context.getUriInfo().getQueryParameters().getOrDefault(name, List.of()).stream()
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** The repository that the path names before {@code /-/}. */
    RepositoryName repository() {
        return RepositoryInPath.of(context);
    }

    /** An organization that the path names; what cannot be a name names none. */
    static OrganizationName organization(String name) {
        return OrganizationName.parse(name).orElseThrow(() -> new NotFound("organization", name));
    }

    /** Forms are bound to the session where there is one: another's are of no use to it. */
    private String csrf() {
        if (!access.secured()) {
            return ConsoleCookies.csrf(formText());
        }
        return isKnown() ? cookies.session(http).map(ConsoleCookies::csrf).orElse("") : "";
    }

    private String formText() {
        if (formText.isEmpty()) {
            formText = cookies.form(http).or(() -> Optional.of(cookies.giveForm(http)));
        }
        return formText.get();
    }

    /** Who makes it, as far as the browser shows it by a cookie; other credentials mean nothing on pages. */
    Visitor visitor() {
        Credentials credentials = session().<Credentials>map(session -> session).orElseGet(Credentials.None::new);
        return new Visitor(credentials, addresses.of(http), agent(), NamedHost.of(http));
    }

    /** The session that the browser shows, of which nobody knows yet whether it is one. */
    Optional<Credentials.Session> session() {
        return cookies.session(http).map(Credentials.Session::new);
    }

    private Caller caller() {
        return new Caller(access.anonymous(), addresses.of(http), agent());
    }

    private String agent() {
        return Optional.ofNullable(http.getHeader("User-Agent")).orElse("");
    }
}
