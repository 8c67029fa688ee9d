package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.lang.JoseException;

/**
 * Tells tokens of this registry from all others.
 *
 * <p>The key is one of our own, by its name, and no other header of the token is looked at: a key that a token brings along
 * is nobody's. Each key verifies by the one algorithm that it was made for. What was verified once is remembered for a
 * while unless it is long, for a signature takes as long as the rest of a request; its times are compared every time.
 */
@ApplicationScoped
public class TokenVerifier {

    private static final int LONGEST = 16_384;
    private static final int LONGEST_REMEMBERED = 2048;
    private static final int REMEMBERED = 2048;
    private static final int REMEMBERED_MADE = 512;

    private final SigningKeys keys;
    private final ExternalIssuer external;
    private final InstantSource time;
    private final String issuer;
    private final String service;
    private final Remembered<String, VerifiedToken> remembered = new Remembered<>(REMEMBERED);
    // Apart: whoever has many made that he never shows is not to make others' be verified again.
    private final Remembered<String, VerifiedToken> made = new Remembered<>(REMEMBERED_MADE);

    TokenVerifier(SigningKeys keys, ExternalIssuer external, InstantSource time, MoorageConfig config) {
        this.keys = keys;
        this.external = external;
        this.time = time;
        this.issuer = config.access().tokens().issuer();
        this.service = config.access().tokens().service();
    }

    /** What the token says, if it is one of ours, or of the server that the settings name, and good now. */
    Optional<VerifiedToken> verify(String token) {
        if (token.length() > LONGEST) {
            return Optional.empty();
        }
        Optional<VerifiedToken> found = remembered.get(token).or(() -> made.get(token));
        if (found.isPresent()) {
            // A key that was withdrawn takes its tokens along.
            return found.filter(this::isNow)
                    .filter(known -> keys.verifying(known.kid()).isPresent());
        }
        if (external.isSaidToBeFromIt(token)) {
            return external.verify(token);
        }
        Optional<VerifiedToken> read = read(token).filter(this::isNow);
        read.filter(_ -> token.length() <= LONGEST_REMEMBERED).ifPresent(verified -> remembered.put(token, verified));
        return read;
    }

    /** Remembers a token that was made here a moment ago, whose signature nobody needs to verify. */
    void remember(String token, VerifiedToken verified) {
        if (token.length() <= LONGEST_REMEMBERED) {
            made.put(token, verified);
        }
    }

    private boolean isNow(VerifiedToken token) {
        return token.isGoodAt(time.instant());
    }

    // What is wrong with a token is nobody's business; whatever it makes the parsers throw, it is no token.
    @SuppressWarnings("CatchingUnchecked")
    private Optional<VerifiedToken> read(String token) {
        try {
            return JsonWebStructure.fromCompactSerialization(token) instanceof JsonWebSignature signed
                    ? signature(signed)
                    : Optional.empty();
        } catch (JoseException | InvalidJwtException | MalformedClaimException | RuntimeException e) {
            if (e instanceof RegistryException outage) {
                throw outage;
            }
            return Optional.empty();
        }
    }

    private Optional<VerifiedToken> signature(JsonWebSignature signed)
            throws JoseException, InvalidJwtException, MalformedClaimException {
        String kid = signed.getKeyIdHeaderValue();
        Optional<SigningKey> key = kid == null ? Optional.empty() : keys.verifying(kid);
        if (key.isEmpty()) {
            return Optional.empty();
        }
        signed.setAlgorithmConstraints(new AlgorithmConstraints(
                ConstraintType.PERMIT, key.get().algorithm().text()));
        signed.setKey(key.get().publicKey());
        return signed.verifySignature() ? claims(kid, JwtClaims.parse(signed.getPayload())) : Optional.empty();
    }

    private Optional<VerifiedToken> claims(String kid, JwtClaims claims) throws MalformedClaimException {
        boolean ours = issuer.equals(claims.getIssuer())
                && claims.getAudience().equals(List.of(service))
                && claims.getExpirationTime() != null
                && claims.getNotBefore() != null
                && claims.getIssuedAt() != null
                && claims.getSubject() != null;
        return ours
                ? Optional.of(VerifiedToken.of(
                        TokenClaims.read(
                                claims.getSubject(),
                                claims.getClaimValue(TokenClaims.ACCESS),
                                claims.getClaimValue(TokenClaims.OWN),
                                claims.getIssuedAt().getValue()),
                        kid,
                        claims.getNotBefore().getValue(),
                        claims.getExpirationTime().getValue()))
                : Optional.empty();
    }
}
