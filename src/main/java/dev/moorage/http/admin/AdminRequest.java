package dev.moorage.http.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.moorage.access.Access;
import dev.moorage.access.Caller;
import dev.moorage.access.Credentials;
import dev.moorage.access.Grant;
import dev.moorage.access.Visitor;
import dev.moorage.administration.AuditFilter;
import dev.moorage.administration.Listing;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.error.AdministrationException.NotJson;
import dev.moorage.error.AdministrationException.TooLarge;
import dev.moorage.http.ClientAddress;
import dev.moorage.http.Fields;
import dev.moorage.http.GivenGrant;
import dev.moorage.http.NamedHost;
import dev.moorage.http.RepositoryInPath;
import dev.moorage.http.SlowBodies;
import dev.moorage.lifecycle.RetentionService;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a request on {@code /api/v1} is about, and who makes it.
 *
 * <p>Bodies are read here and nowhere else, after it is known who sends them: 64 KiB at most, but for few, and not one field more than
 * there is. They say that they are JSON, which a page in a browser cannot without asking first, so none sends them with
 * credentials that the browser remembers.
 */
@RequestScoped
class AdminRequest {

    private static final int MAX_BODY = 65_536;
    private static final int MAX_AFTER = 1024;

    /** Takes nothing that it was not told of, and nothing for something else. */
    private static final ObjectReader STRICT = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .withCoercionConfig(
                    LogicalType.Textual, text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build()
            .reader();

    private final ContainerRequestContext context;
    private final HttpServerRequest http;
    private final Access access;
    private final ClientAddress addresses;
    private final SlowBodies slowBodies;
    private final GivenGrant given;

    AdminRequest(
            ContainerRequestContext context,
            HttpServerRequest http,
            Access access,
            ClientAddress addresses,
            SlowBodies slowBodies,
            GivenGrant given) {
        this.context = context;
        this.http = http;
        this.access = access;
        this.addresses = addresses;
        this.slowBodies = slowBodies;
        this.given = given;
    }

    /** A grant for the use cases; 401 where the caller does not show who he is. */
    Grant grant() {
        return given.noted(access.secured() ? access.administration(visitor()) : access.openAdministration(caller()));
    }

    /** The body; 400 where it is not of this form, 413 where it is too large, 415 where it does not say that it is JSON. */
    <T> T read(InputStream body, Class<T> type) {
        return read(body, type, MAX_BODY);
    }

    /** The same of a body that is longer than most. */
    <T> T read(InputStream body, Class<T> type, int limit) {
        String contentType = header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (!contentType.split(";", 2)[0].strip().equals("application/json")) {
            throw new NotJson();
        }
        try {
            byte[] bytes = slowBodies.watched(body, http).readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new TooLarge(limit);
            }
            return Optional.ofNullable(STRICT.forType(type).<T>readValue(bytes))
                    .orElseThrow(() -> new Invalid("", "the body is a JSON object"));
        } catch (PropertyBindingException e) {
            throw new Invalid(path(e), "there is no field " + path(e));
        } catch (JsonMappingException e) {
            throw new Invalid(
                    path(e),
                    path(e).isEmpty() ? "the body is of another form" : path(e) + " is absent, or of another form");
        } catch (JsonProcessingException _) {
            throw new Invalid("", "the body is no JSON object");
        } catch (IOException _) {
            throw new Invalid("", "the body ended before its announced length");
        }
    }

    private static String path(JsonMappingException failure) {
        return failure.getPath().stream()
                .map(part -> part.getFieldName() == null ? Integer.toString(part.getIndex()) : part.getFieldName())
                .collect(Collectors.joining("."));
    }

    /** Which page of a list is asked for. */
    Listing.Asked page() {
        String after = Optional.ofNullable(
                        context.getUriInfo().getQueryParameters().getFirst("after"))
                .orElse("");
        if (after.length() > MAX_AFTER || after.chars().anyMatch(Character::isISOControl)) {
            throw new Invalid("after", "after is what next was on the page before");
        }
        return new Listing.Asked(after, limit());
    }

    /** Which rows of the audit trail are asked for. */
    AuditFilter audit() {
        MultivaluedMap<String, String> query = context.getUriInfo().getQueryParameters();
        return new AuditFilter(
                query.getOrDefault("action", List.of()),
                Optional.ofNullable(query.getFirst("actor")),
                Optional.ofNullable(query.getFirst("target")),
                Optional.ofNullable(query.getFirst("outcome")),
                Optional.ofNullable(query.getFirst("since")).map(text -> Fields.time("since", text)),
                Optional.ofNullable(query.getFirst("until")).map(text -> Fields.time("until", text)));
    }

    /** Which decisions of a run are asked for. */
    RetentionService.Asked decisions() {
        String verdict = Optional.ofNullable(
                        context.getUriInfo().getQueryParameters().getFirst("verdict"))
                .orElse("");
        return new RetentionService.Asked(
                page(),
                switch (verdict) {
                    case "" -> RetentionService.Verdicts.ALL;
                    case "drop" -> RetentionService.Verdicts.DROP;
                    default -> throw new Invalid("verdict", "verdict is drop, or left out");
                });
    }

    private int limit() {
        String limit = context.getUriInfo().getQueryParameters().getFirst("limit");
        if (limit == null) {
            return Listing.Asked.MAX_LIMIT;
        }
        try {
            int number = Integer.parseInt(limit);
            if (number >= 1 && number <= Listing.Asked.MAX_LIMIT) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Refused below as every other limit.
        }
        throw new Invalid("limit", "limit is a number from 1 to " + Listing.Asked.MAX_LIMIT);
    }

    /** The repository that the path names before {@code /-/}. */
    RepositoryName repository() {
        return RepositoryInPath.of(context);
    }

    /** An organization that the path names; what cannot be a name names none. */
    static OrganizationName organization(String name) {
        return OrganizationName.parse(name).orElseThrow(() -> new NotFound("organization", name));
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

    private Optional<String> header(String name) {
        return Optional.ofNullable(context.getHeaderString(name));
    }

    private String address() {
        return addresses.of(http);
    }
}
