package dev.moorage.administration;

import java.time.Instant;
import java.util.Map;

/**
 * An issuer of tokens for CI jobs that an organization trusts, as the management API shows it.
 *
 * @param claims names of claims with the globs that their values must match
 */
public record TrustedIssuer(
        String name, String issuer, String audience, Map<String, String> claims, boolean enabled, Instant createdAt) {

    /** Keeps its own copy of the claims. */
    public TrustedIssuer {
        claims = Map.copyOf(claims);
    }
}
