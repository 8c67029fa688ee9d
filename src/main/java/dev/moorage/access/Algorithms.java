package dev.moorage.access;

import java.util.Map;
import org.jose4j.jwk.JsonWebKey;

/**
 * How tokens of others may be signed (RFC 7518, section 3.1; RFC 8037): by a private key only, so that what verifies a
 * token cannot make one.
 */
final class Algorithms {

    private static final Map<String, String> KEY_TYPES = Map.ofEntries(
            Map.entry("RS256", "RSA"),
            Map.entry("RS384", "RSA"),
            Map.entry("RS512", "RSA"),
            Map.entry("PS256", "RSA"),
            Map.entry("PS384", "RSA"),
            Map.entry("PS512", "RSA"),
            Map.entry("ES256", "EC"),
            Map.entry("ES384", "EC"),
            Map.entry("ES512", "EC"),
            Map.entry("EdDSA", "OKP"));

    private Algorithms() {}

    /** Whether tokens may be signed so. */
    static boolean isKnown(String algorithm) {
        return KEY_TYPES.containsKey(algorithm);
    }

    /** Whether a key is one to verify signatures of this algorithm with, as far as it says so itself. */
    static boolean fits(JsonWebKey key, String algorithm) {
        return key.getKeyType().equals(KEY_TYPES.get(algorithm))
                && (key.getUse() == null || key.getUse().equals("sig"))
                && (key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm));
    }
}
