package dev.moorage.access;

import io.quarkus.oidc.AuthorizationCodeTokens;
import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TokenStateManager;
import io.quarkus.security.AuthenticationFailedException;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;

/**
 * Keeps nothing of a log-in: the provider's tokens say who somebody is for one request, and no cookie stands for them
 * afterwards, whoever holds it.
 */
@Alternative
@Priority(1)
@ApplicationScoped
class ForgottenTokens implements TokenStateManager {

    private static final String NOTHING = "none";

    @Override
    public Uni<String> createTokenState(
            RoutingContext context,
            OidcTenantConfig provider,
            AuthorizationCodeTokens tokens,
            OidcRequestContext<String> blocking) {
        return Uni.createFrom().item(NOTHING);
    }

    @Override
    public Uni<AuthorizationCodeTokens> getTokens(
            RoutingContext context,
            OidcTenantConfig provider,
            String state,
            OidcRequestContext<AuthorizationCodeTokens> blocking) {
        return Uni.createFrom().failure(new AuthenticationFailedException());
    }

    @Override
    public Uni<Void> deleteTokens(
            RoutingContext context, OidcTenantConfig provider, String state, OidcRequestContext<Void> blocking) {
        return Uni.createFrom().voidItem();
    }
}
