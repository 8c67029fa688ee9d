package dev.moorage.http.v2;

import dev.moorage.access.Access;
import dev.moorage.access.Action;
import dev.moorage.access.Caller;
import dev.moorage.access.Credentials;
import dev.moorage.access.Grant;
import dev.moorage.access.Visitor;
import dev.moorage.error.RegistryException.NameInvalid;
import dev.moorage.error.RegistryException.SizeInvalid;
import dev.moorage.http.ClientAddress;
import dev.moorage.http.LogFields;
import dev.moorage.http.NamedHost;
import dev.moorage.http.SlowBodies;
import dev.moorage.name.BlobBody;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.Precondition;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a request on {@code /v2} is about: its path as it was split, and who makes it. */
@RequestScoped
class V2Request {

    static final String PATH = "moorage.v2.path";

    private final ContainerRequestContext context;
    private final HttpServerRequest http;
    private final Access access;
    private final ClientAddress addresses;
    private final SlowBodies slowBodies;

    V2Request(
            ContainerRequestContext context,
            HttpServerRequest http,
            Access access,
            ClientAddress addresses,
            SlowBodies slowBodies) {
        this.context = context;
        this.http = http;
        this.access = access;
        this.addresses = addresses;
        this.slowBodies = slowBodies;
    }

    /** A grant to do something to the repository that the path names; 400 where it names none. */
    Grant require(Action action) {
        RepositoryName name = name();
        return LogFields.noted(
                access.secured() ? access.require(visitor(), name, action) : access.open(caller(), name));
    }

    /** A grant to do something to another repository than the path names; empty where the caller may not. */
    Optional<Grant> offered(RepositoryName other, Action action) {
        return access.secured()
                ? access.offered(visitor(), other, action)
                : Optional.of(access.openFurther(caller(), other));
    }

    /** Lets the caller in who is who he says; 401 otherwise, and 429 after too many requests. */
    void enter() {
        if (access.secured()) {
            access.enter(visitor());
        } else {
            access.enterOpen(caller());
        }
    }

    /** What the request demands of the present state. */
    Precondition precondition() {
        return Precondition.of(header("If-Match"), header("If-None-Match"));
    }

    /** A grant to list what the caller may pull. */
    Grant requireCatalog() {
        return LogFields.noted(access.secured() ? access.catalog(visitor()) : access.openCatalog(caller()));
    }

    /**
     * A grant to search in what the caller may pull; nobody in particular searches in what is public, where his client says
     * that it would have shown more if it had it. Docker does; podman shows nothing at first, and looks into the catalog
     * with all that it has when it is refused.
     */
    Grant requireSearch() {
        if (!access.secured()) {
            return access.openCatalog(caller());
        }
        Visitor visitor = visitor();
        boolean nobody = visitor.credentials() instanceof Credentials.None;
        return nobody && header("X-Docker-Token").isPresent() ? access.publicCatalog(visitor) : access.catalog(visitor);
    }

    /** The repository that the path names. */
    RepositoryName name() {
        // An encoded slash would be a second way to write a name.
        return Optional.of(path().name())
                .filter(name -> !name.toLowerCase(Locale.ROOT).contains("%2f"))
                .flatMap(Percent::decode)
                .flatMap(RepositoryName::parse)
                .orElseThrow(() -> new NameInvalid("a repository name has lower-case components, at most "
                        + RepositoryName.MAX_LENGTH + " characters in all"));
    }

    /** The last part of the path: a reference, a digest, or an upload id. */
    String last() {
        return Percent.decode(path().last()).orElse(path().last());
    }

    /** A parameter of the query, its first value; a value may be empty. */
    Optional<String> query(String name) {
        return Optional.ofNullable(context.getUriInfo().getQueryParameters().getFirst(name));
    }

    /** All values of a parameter of the query. */
    List<String> queries(String name) {
        return context.getUriInfo().getQueryParameters().getOrDefault(name, List.of());
    }

    /** A header, once. */
    Optional<String> header(String name) {
        return Optional.ofNullable(context.getHeaderString(name));
    }

    /** How long the body is; empty where the client has not said. */
    Optional<Long> length() {
        try {
            return header("Content-Length").map(Long::valueOf);
        } catch (NumberFormatException _) {
            throw new SizeInvalid("Content-Length is a number");
        }
    }

    /** What the client sends, for as long as it is not too slow. */
    InputStream patiently(InputStream body) {
        return slowBodies.watched(body, http);
    }

    /** The bytes of a body whose failure is the end of the connection. */
    InputStream cutOnFailure(BlobBody.Stream body) {
        return new CutOnFailure(body, http);
    }

    private V2Path path() {
        return (V2Path) context.getProperty(PATH);
    }

    private Caller caller() {
        return new Caller(access.anonymous(), address(), header("User-Agent").orElse(""));
    }

    private Visitor visitor() {
        return new Visitor(
                Credentials.of(header("Authorization")),
                address(),
                header("User-Agent").orElse(""),
                NamedHost.of(http));
    }

    private String address() {
        return addresses.of(http);
    }
}
