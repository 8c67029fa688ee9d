package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

/** Writes tokens: JSON Web Tokens signed by the registry (RFC 7519; Docker token specification). */
@ApplicationScoped
class TokenWriter {

    private final SigningKeys keys;
    private final TokenVerifier verifier;
    private final Supplier<UUID> randomness;
    private final MoorageConfig.Tokens config;

    TokenWriter(SigningKeys keys, TokenVerifier verifier, Supplier<UUID> randomness, MoorageConfig config) {
        this.keys = keys;
        this.verifier = verifier;
        this.randomness = randomness;
        this.config = config.access().tokens();
    }

    /** A token that is good from when its content was made, for as long as the settings say. */
    String write(TokenContent content) {
        SigningKey key = keys.signing();
        long expiresAt = content.issuedAt() + lifetime().toSeconds();
        String token = Jwt.claims()
                .issuer(config.issuer())
                .audience(config.service())
                .subject(content.principal().name())
                .issuedAt(content.issuedAt())
                .claim("nbf", content.issuedAt())
                .expiresAt(expiresAt)
                .claim("jti", randomness.get().toString())
                .claim(TokenClaims.ACCESS, TokenClaims.access(content))
                .claim(TokenClaims.OWN, TokenClaims.own(content))
                .jws()
                .algorithm(key.algorithm().signature())
                .keyId(key.kid())
                .sign(key.privateKey());
        // Its owner comes back with it in a moment, and often to this replica.
        verifier.remember(token, VerifiedToken.of(content, key.kid(), content.issuedAt(), expiresAt));
        return token;
    }

    /** How long tokens are good. */
    Duration lifetime() {
        return config.lifetime();
    }
}
