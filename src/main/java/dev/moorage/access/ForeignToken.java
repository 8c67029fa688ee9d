package dev.moorage.access;

import dev.moorage.error.RegistryException;
import java.security.Key;
import java.time.Instant;
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
 * A token that somebody else has signed, before and after that was found out (RFC 7519, section 7.2; RFC 8725).
 *
 * <p>The key is one that its issuer publishes, by its name; a key or an address of keys that the token brings along is not
 * looked at. Issuer, audience and times are compared before any key is looked for, so that only a token that may be meant
 * for us makes us call its issuer.
 */
final class ForeignToken {

    private static final int LONGEST = 16_384;

    private final JsonWebSignature signed;
    private final JwtClaims claims;

    private ForeignToken(JsonWebSignature signed, JwtClaims claims) {
        this.signed = signed;
        this.claims = claims;
    }

    /**
     * What a token must say.
     *
     * @param issuer who has made it
     * @param audience for whom it is, and for nobody else
     * @param demanded the claims that it must have besides
     */
    record Expected(String issuer, String audience, List<String> demanded) {

        Expected {
            demanded = List.copyOf(demanded);
        }
    }

    /** Reads a text; empty where it is no signed token. */
    @SuppressWarnings("CatchingUnchecked")
    static Optional<ForeignToken> read(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return JsonWebStructure.fromCompactSerialization(text) instanceof JsonWebSignature signed
                    ? Optional.of(new ForeignToken(signed, JwtClaims.parse(signed.getUnverifiedPayload())))
                    : Optional.empty();
        } catch (JoseException | InvalidJwtException | RuntimeException _) {
            return Optional.empty();
        }
    }

    /** Whether a token says of itself that its time is over, in which case it opens nothing whoever made it. */
    static boolean saysThatItIsOver(String text, Instant now) {
        return read(text)
                .map(token -> token.claims.getClaimValue("exp"))
                .filter(end -> end instanceof Number seconds && seconds.longValue() <= now.getEpochSecond())
                .isPresent();
    }

    /** Who it says has made it, which may be a lie. */
    boolean saysIssuer(String issuer) {
        return issuer.equals(claims.getClaimValue("iss"));
    }

    /** What it says, where it is what is expected, good now, and signed by one of the keys. */
    @SuppressWarnings("CatchingUnchecked")
    Optional<JwtClaims> verify(Expected expected, Instant now, Keys keys) {
        try {
            return isExpected(expected) && isNow(now.getEpochSecond()) && isSigned(keys)
                    ? Optional.of(claims)
                    : Optional.empty();
        } catch (JoseException | MalformedClaimException | RuntimeException e) {
            if (e instanceof RegistryException refusal) {
                throw refusal;
            }
            return Optional.empty();
        }
    }

    /** The name of the key that it says has signed it. */
    Optional<String> kid() {
        return Optional.ofNullable(signed.getKeyIdHeaderValue());
    }

    /** How it says that it is signed; empty where that is no way for a token of somebody else. */
    Optional<String> algorithm() {
        return Optional.ofNullable(signed.getAlgorithmHeaderValue()).filter(Algorithms::isKnown);
    }

    private boolean isExpected(Expected expected) throws MalformedClaimException {
        return saysIssuer(expected.issuer())
                && claims.getAudience().equals(List.of(expected.audience()))
                && expected.demanded().stream().allMatch(claims::hasClaim);
    }

    private boolean isNow(long now) throws MalformedClaimException {
        return claims.getExpirationTime() != null
                && now < claims.getExpirationTime().getValue() + VerifiedToken.LEEWAY_SECONDS
                && hasBegun("nbf", now)
                && hasBegun("iat", now);
    }

    private boolean hasBegun(String claim, long now) throws MalformedClaimException {
        return !claims.hasClaim(claim)
                || now >= claims.getNumericDateClaimValue(claim).getValue() - VerifiedToken.LEEWAY_SECONDS;
    }

    private boolean isSigned(Keys keys) throws JoseException {
        Optional<Key> key = kid().flatMap(kid -> algorithm().flatMap(algorithm -> keys.find(kid, algorithm)));
        if (key.isEmpty()) {
            return false;
        }
        signed.setAlgorithmConstraints(
                new AlgorithmConstraints(ConstraintType.PERMIT, algorithm().orElseThrow()));
        signed.setKey(key.get());
        return signed.verifySignature();
    }
}
