package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.oidc.runtime.OidcTenantConfig.Authentication.CookieSameSite;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells Quarkus by which OpenID provider people log in, and how (OpenID Connect Core, section 3.1; RFC 7636).
 *
 * <p>It is asked when somebody is about to log in: nothing is fetched from the provider at the start, and one that is away
 * then keeps nobody from pulling. Each of the registry's addresses has a configuration of its own, which holds the address
 * to come back to: what a request says of its host can at most choose among them.
 */
@ApplicationScoped
class PeopleProvider implements TenantConfigResolver {

    private static final String PATH = "/auth/oidc";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TO_LOG_IN = Duration.ofMinutes(10);

    private final Map<URI, OidcTenantConfig> byHost = new ConcurrentHashMap<>();
    private final MoorageConfig.Oidc settings;
    private final Hosts hosts;
    private final KeyCipher secrets;

    PeopleProvider(MoorageConfig config, Hosts hosts, KeyCipher secrets) {
        this.settings = config.access().oidc();
        this.hosts = hosts;
        this.secrets = secrets;
    }

    @Override
    public Uni<OidcTenantConfig> resolve(RoutingContext context, OidcRequestContext<OidcTenantConfig> blocking) {
        return settings.issuer().isPresent() && context.request().path().startsWith(PATH + "/")
                ? Uni.createFrom().item(of(hosts.told(host(context.request()))))
                // No one else: the tenant of the settings, which is disabled.
                : Uni.createFrom().nullItem();
    }

    /** In HTTP/2 another field stands in the place of {@code Host}. */
    private static Optional<String> host(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Host"))
                .or(() -> Optional.ofNullable(request.authority()).map(HostAndPort::toString));
    }

    OidcTenantConfig of(URI host) {
        return byHost.computeIfAbsent(host, this::make);
    }

    private OidcTenantConfig make(URI host) {
        String issuer = settings.issuer().orElseThrow();
        return OidcTenantConfig.authServerUrl(issuer)
                .tenantId("people-" + host.getScheme() + "-" + host.getHost() + "-" + host.getPort())
                .applicationType(ApplicationType.WEB_APP)
                .clientId(settings.clientId().orElseThrow())
                .credentials(settings.clientSecret().orElseThrow())
                .connectionTimeout(PATIENCE)
                // The secret goes to whom the settings name, and to nobody whom that one names.
                .followRedirects(false)
                .token()
                .issuer(issuer)
                .audience(settings.clientId().orElseThrow())
                .subjectRequired()
                .end()
                .authentication()
                .pkceRequired()
                .nonceRequired()
                .stateSecret(secrets.secretFor("moorage people logging in"))
                .stateCookieAge(TO_LOG_IN)
                // The whole address, so that none is made from the request's headers.
                .redirectPath(host + PATH + "/callback")
                .removeRedirectParameters(false)
                .failOnMissingStateParam()
                .cookiePath(PATH)
                .cookieSameSite(CookieSameSite.LAX)
                .cookieForceSecure("https".equals(host.getScheme()))
                .end()
                // Nothing is kept of the provider's tokens (ForgottenTokens), so there is nothing to encrypt.
                .tokenStateManager()
                .encryptionRequired(false)
                .end()
                .build();
    }
}
