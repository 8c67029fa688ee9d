package dev.moorage.http.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.access.Access;
import dev.moorage.access.Credentials;
import dev.moorage.access.TokenServer;
import dev.moorage.access.TokenServer.Asked;
import dev.moorage.access.TokenServer.Given;
import dev.moorage.access.TokenServer.Keep;
import dev.moorage.access.Visitor;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.error.RegistryException.Unsupported;
import dev.moorage.http.ClientAddress;
import dev.moorage.http.Form;
import dev.moorage.http.NamedHost;
import dev.moorage.http.SlowBodies;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Gives tokens (Docker token specification, "Requesting a Token", and its OAuth2 form). */
@Path("/auth/token")
@RunOnVirtualThread
class TokenResource {

    private final Access access;
    private final TokenServer tokens;
    private final HttpServerRequest http;
    private final ClientAddress addresses;
    private final SlowBodies slowBodies;
    private final ObjectMapper json;

    TokenResource(
            Access access,
            TokenServer tokens,
            HttpServerRequest http,
            ClientAddress addresses,
            SlowBodies slowBodies,
            ObjectMapper json) {
        this.access = access;
        this.tokens = tokens;
        this.http = http;
        this.addresses = addresses;
        this.slowBodies = slowBodies;
        this.json = json;
    }

    /** The body of an answer. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @RegisterForReflection
    record Answer(
            String token,
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("expires_in") long expiresIn,
            @JsonProperty("issued_at") String issuedAt,
            @JsonProperty("refresh_token") Optional<String> refreshToken,
            String scope,
            @JsonProperty("token_type") String tokenType) {

        @Override
        public String toString() {
            return scope;
        }
    }

    @GET
    public Response get(
            @HeaderParam("Authorization") Optional<String> authorization,
            @QueryParam("scope") List<String> scopes,
            @QueryParam("client_id") Optional<String> client,
            @QueryParam("offline_token") Optional<String> offline) {
        demandSecured();
        Keep keep = offline.filter("true"::equals).isPresent() ? Keep.REFRESH_TOKEN : Keep.NOTHING;
        return answer(tokens.token(new Asked(visitor(Credentials.of(authorization)), scopes, client.orElse(""), keep)));
    }

    @POST
    public Response post(InputStream body) {
        demandSecured();
        Form form = Form.read(slowBodies.watched(body, http));
        Keep keep = form.first("access_type").filter("offline"::equals).isPresent() ? Keep.REFRESH_TOKEN : Keep.NOTHING;
        String client = form.first("client_id").orElse("");
        List<String> scopes = form.all("scope");
        return switch (form.first("grant_type").orElse("")) {
            case "password" -> {
                Credentials credentials = new Credentials.Basic(
                        form.first("username").orElse(""),
                        form.first("password").orElse(""));
                yield answer(tokens.token(new Asked(visitor(credentials), scopes, client, keep)));
            }
            case "refresh_token" ->
                answer(tokens.refresh(
                        new Asked(visitor(new Credentials.None()), scopes, client, keep),
                        form.first("refresh_token").orElse("")));
            default -> throw new Unsupported("grant_type is password or refresh_token");
        };
    }

    private Response answer(Given given) {
        Answer answer = new Answer(
                given.token(),
                given.token(),
                given.expiresIn(),
                given.issuedAt().toString(),
                given.refreshToken(),
                given.scope(),
                "Bearer");
        return Response.ok(bytes(answer), MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", "no-store")
                .build();
    }

    /** Written at once: as a stream each answer would take a buffer as large as a download's. */
    private byte[] bytes(Answer answer) {
        try {
            return json.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Visitor visitor(Credentials credentials) {
        return new Visitor(
                credentials,
                addresses.of(http),
                Optional.ofNullable(http.getHeader("User-Agent")).orElse(""),
                NamedHost.of(http));
    }

    /** In open mode there are no tokens, and no client is ever sent here. */
    private void demandSecured() {
        if (!access.secured()) {
            throw new NameUnknown("auth/token");
        }
    }
}
