package dev.moorage.access;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * A key that tokens are signed with.
 *
 * @param kid its name
 * @param algorithm the only algorithm that it signs and verifies with
 * @param publicKey what verifies
 * @param privateKey what signs
 * @param activeFrom from when on it signs
 * @param retiresAt until when it signs
 * @param expiresAt until when it verifies
 */
record SigningKey(
        String kid,
        Algorithm algorithm,
        PublicKey publicKey,
        PrivateKey privateKey,
        Instant activeFrom,
        Instant retiresAt,
        Instant expiresAt) {

    private static final int RSA_BITS = 3072;

    /** How a key signs (RFC 7518, section 3.1; RFC 8037). */
    enum Algorithm {
        ES256("ES256", "EC", SignatureAlgorithm.ES256),
        EDDSA("EdDSA", "Ed25519", SignatureAlgorithm.EDDSA),
        RS256("RS256", "RSA", SignatureAlgorithm.RS256);

        private final String text;
        private final String family;
        private final SignatureAlgorithm signature;

        Algorithm(String text, String family, SignatureAlgorithm signature) {
            this.text = text;
            this.family = family;
            this.signature = signature;
        }

        /** Reads an algorithm as tokens write it. */
        static Algorithm parse(String text) {
            return Stream.of(values())
                    .filter(algorithm -> algorithm.text.equals(text))
                    .findFirst()
                    .orElseThrow();
        }

        /** The algorithm as tokens write it. */
        String text() {
            return text;
        }

        /** The algorithm as the builder of tokens knows it. */
        SignatureAlgorithm signature() {
            return signature;
        }

        /** A new pair of keys. */
        KeyPair generate() {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
                switch (this) {
                    case ES256 -> generator.initialize(new ECGenParameterSpec("secp256r1"));
                    case RS256 -> generator.initialize(RSA_BITS);
                    case EDDSA -> {}
                }
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Reads a public key. */
        PublicKey publicKey(byte[] encoded) {
            try {
                return KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Reads a private key. */
        PrivateKey privateKey(byte[] encoded) {
            try {
                return KeyFactory.getInstance(family).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Whether it signs at this time. */
    boolean signs(Instant now) {
        return !now.isBefore(activeFrom) && now.isBefore(retiresAt);
    }

    /** Whether it verifies at this time. */
    boolean verifies(Instant now) {
        return now.isBefore(expiresAt);
    }
}
