package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jose4j.json.JsonUtil;

/** Writes tokens: JSON Web Tokens signed by the registry (RFC 7519; Docker token specification). */
@ApplicationScoped
class TokenWriter {

    /** How many characters a token has at most, so that it is not what makes a request's headers too large (8 KiB). */
    static final int MOST_CHARACTERS = 6144;

    // The header, the longest signature, the times and the names of the claims, as bytes of the payload.
    private static final int ENVELOPE_BYTES = 640;

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

    /** The content with as many of its entries, the first ones, as a token has room for. */
    TokenContent fitting(TokenContent content) {
        int room = MOST_CHARACTERS / 4 * 3
                - ENVELOPE_BYTES
                - bytes(Map.of(
                        "iss",
                        config.issuer(),
                        "aud",
                        config.service(),
                        "sub",
                        content.principal().name(),
                        TokenClaims.OWN,
                        TokenClaims.own(content)));
        int fit = 0;
        for (TokenEntry entry : content.entries()) {
            room -= bytes(TokenClaims.access(entry)) + 1;
            if (room < 0) {
                break;
            }
            fit++;
        }
        return new TokenContent(
                content.principal(),
                content.limit(),
                content.entries().subList(0, fit),
                content.catalog(),
                content.issuedAt());
    }

    private static int bytes(Map<String, Object> claims) {
        return JsonUtil.toJson(claims).getBytes(StandardCharsets.UTF_8).length;
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
