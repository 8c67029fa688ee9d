package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a token of the registry, and what only looks like one. */
class TokenIT {

    private static SecuredHarness harness;

    @BeforeAll
    static void start() {
        harness = SecuredHarness.fresh();
        harness.account("anna");
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    @Test
    void tokenThatTheServerGaveIsVerified() {
        TokenVerifier verifier = harness.replica().verifier;
        assertThat(verifier.verify(good())).isPresent();
        assertThat(verifier.verify(good()).orElseThrow().content().principal()).isInstanceOf(Principal.Account.class);
    }

    @Test
    void replicaThatMadeATokenTakesItForWhatAllOthersReadInIt() {
        try (SecuredHarness own = SecuredHarness.fresh()) {
            long acme = own.organization("acme");
            own.repository(acme, "acme/open", "public");
            own.repository(acme, "acme/web", "private");
            own.give(acme, "", "writer", own.account("anna"));
            own.sql().change("UPDATE account SET epoch = 7");
            own.account("root");
            own.sql().change("UPDATE account SET administrator = true WHERE name = 'root'");
            Secret robot = Secret.make(Secret.Kind.ROBOT);
            long id = own.sql()
                    .number(
                            "INSERT INTO robot (organization_id, name, secret_hash) VALUES (?, 'ci', ?) RETURNING id",
                            acme,
                            robot.hash());
            own.sql()
                    .change(
                            "INSERT INTO permission_grant (organization_id, role, robot_id) VALUES (?, 'reader', ?)",
                            acme,
                            id);
            Secret personal = Secret.make(Secret.Kind.PERSONAL);
            own.sql()
                    .change(
                            "INSERT INTO access_token (account_id, name, secret_hash, repository_prefix, actions) SELECT id, 'part', ?, 'acme/web', '{pull}' FROM account WHERE name = 'anna'",
                            (Object) personal.hash());
            TokenVerifier other = own.replica().verifier;

            for (Visitor visitor : List.of(
                    SecuredHarness.visitor(new Credentials.None()),
                    SecuredHarness.basic("anna", SecuredHarness.PASSWORD),
                    SecuredHarness.basic("root", SecuredHarness.PASSWORD),
                    SecuredHarness.basic("acme+ci", robot.reveal()),
                    SecuredHarness.basic("anna", personal.reveal()))) {
                String token = own.token(
                        visitor,
                        "repository:acme/open:pull,push",
                        "repository:acme/web:pull,push,delete",
                        "repository:acme/new:pull,push",
                        "repository:*:pull",
                        "registry:catalog:*");
                VerifiedToken made = own.verifier.verify(token).orElseThrow();
                VerifiedToken read = other.verify(token).orElseThrow();
                assertThat(made.content()).isEqualTo(read.content());
                assertThat(made.content().entries()).isNotEmpty();
                assertThat(List.of(made.kid(), made.notBefore(), made.expiresAt()))
                        .isEqualTo(List.of(read.kid(), read.notBefore(), read.expiresAt()));
            }
        }
    }

    /** Ways to make a token that is none, each from our own key's name and from claims that would do. */
    enum Forgery {
        ALG_NONE((kid, claims) -> unsigned("{\"alg\":\"none\",\"kid\":\"" + kid + "\"}", claims, new byte[0])),
        ALG_NONE_IN_CAPITALS(
                (kid, claims) -> unsigned("{\"alg\":\"NoNe\",\"kid\":\"" + kid + "\"}", claims, new byte[0])),
        HMAC_WITH_THE_PUBLIC_KEY((kid, claims) -> hmac(kid, claims, ourKey().getEncoded())),
        HMAC_WITH_NOTHING((kid, claims) -> hmac(kid, claims, new byte[] {0})),
        ANOTHER_KEY_UNDER_OUR_NAME((kid, claims) -> signed(SigningKey.Algorithm.ES256, kid, claims, Map.of())),
        ANOTHER_ALGORITHM_UNDER_OUR_NAME((kid, claims) -> signed(SigningKey.Algorithm.RS256, kid, claims, Map.of())),
        ITS_OWN_KEY_IN_THE_HEADER((kid, claims) -> withItsOwnKey(kid, claims)),
        ITS_OWN_KEY_AT_AN_ADDRESS((kid, claims) -> signed(
                SigningKey.Algorithm.ES256,
                kid,
                claims,
                Map.of("jku", "http://192.0.2.1/keys", "x5u", "http://192.0.2.1/chain"))),
        KEY_OF_NOBODY((_, claims) -> signed(SigningKey.Algorithm.ES256, "nobodys", claims, Map.of())),
        ALL_ZERO_SIGNATURE(
                (kid, claims) -> unsigned("{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}", claims, new byte[64])),
        NO_SIGNATURE((kid, claims) -> unsigned("{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}", claims, new byte[0])),
        HEADER_THAT_IS_NO_JSON((_, claims) -> unsigned("{", claims, new byte[64])),
        OTHER_CLAIMS_UNDER_OUR_SIGNATURE((_, claims) -> {
            String[] parts = good().split("\\.", -1);
            return parts[0] + '.' + base64(claims) + '.' + parts[2];
        });

        @SuppressWarnings("ImmutableEnumChecker") // A lambda without state.
        private final BiFunction<String, String, String> make;

        Forgery(BiFunction<String, String, String> make) {
            this.make = make;
        }
    }

    @ParameterizedTest
    @EnumSource
    void forgedTokenIsRefused(Forgery forgery) {
        String forged = forgery.make.apply(harness.keys.signing().kid(), claims());

        assertThat(harness.verifier.verify(forged)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "a.b.c", "a.b.c.d.e", "\u0000", "eyJhbGciOiJub25lIn0..", "Bearer x"})
    void garbageIsNoToken(String garbage) {
        assertThat(harness.verifier.verify(garbage)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"iss, other", "aud, other", "exp, ", "nbf, ", "iat, ", "sub, ", "access, ", "moorage, "})
    void claimThatIsNotOursOrNotThereMakesItNoToken(String claim, String value) throws Exception {
        assertThat(harness.verifier.verify(ours(claim, value))).isEmpty();
        assertThat(harness.verifier.verify(ours("jti", "another"))).isPresent();
    }

    @Test
    void tokenWithTwoAudiencesIsRefused() throws Exception {
        assertThat(harness.verifier.verify(ours("aud", List.of("moorage", "other"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"exp, -57, true", "exp, -62, false", "nbf, 57, true", "nbf, 63, false"})
    void clocksMayDifferByAMinute(String claim, long seconds, boolean accepted) throws Exception {
        String token = ours(claim, Instant.now().getEpochSecond() + seconds);

        assertThat(harness.verifier.verify(token).isPresent()).isEqualTo(accepted);
    }

    @Test
    void tokenThatWasVerifiedOnceExpiresAllTheSame() {
        try (SecuredHarness own = SecuredHarness.fresh()) {
            own.account("anna");
            String token = own.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD));
            assertThat(own.verifier.verify(token)).isPresent();

            own.pass(Duration.ofMinutes(5).plusSeconds(55));
            assertThat(own.verifier.verify(token)).isPresent();
            own.pass(Duration.ofSeconds(10));
            assertThat(own.verifier.verify(token)).isEmpty();
        }
    }

    @Test
    void replicasAgreeOnTheFirstKeyAndReadEachOthersTokens() {
        try (SecuredHarness one = SecuredHarness.fresh()) {
            one.account("anna");
            SecuredHarness other = one.replica();

            assertThat(other.keys.signing().kid()).isEqualTo(one.keys.signing().kid());
            assertThat(other.verifier.verify(one.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD))))
                    .isPresent();
        }
    }

    @Test
    void keyThatIsDueIsFollowedByAnotherAndVerifiesForAWhile() {
        try (SecuredHarness own = SecuredHarness.fresh()) {
            own.account("anna");
            String old = own.keys.signing().kid();
            String token = own.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD));
            own.sql().change("UPDATE signing_key SET retires_at = now() + interval '10 minutes'");

            own.keys.rotate();
            assertThat(own.keys.published()).contains(old);
            assertThat(own.sql().number("SELECT count(*) FROM signing_key")).isEqualTo(2);
            assertThat(own.keys.signing().kid())
                    .as("the new key waits for the other replicas")
                    .isEqualTo(old);

            own.sql()
                    .change(
                            "UPDATE signing_key SET active_from = active_from - interval '1 hour', retires_at = retires_at - interval '1 hour'");
            own.keys.rotate();
            assertThat(own.keys.signing().kid()).isNotEqualTo(old);
            assertThat(own.verifier.verify(token)).isPresent();

            own.sql().change("DELETE FROM signing_key WHERE kid = ?", old);
            own.keys.rotate();
            assertThat(own.verifier.verify(token))
                    .as("a key that was withdrawn")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"es256", "eddsa", "rs256"})
    void everyAlgorithmSignsAndVerifiesAndIsPublished(String algorithm) throws Exception {
        try (SecuredHarness own =
                new SecuredHarness(TestDatabase.fresh(), Map.of("moorage.access.tokens.algorithm", algorithm))) {
            own.account("anna");
            String token = own.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD));

            assertThat(new SecuredHarness(own.plain, Map.of("moorage.access.tokens.algorithm", algorithm))
                            .verifier.verify(token))
                    .isPresent();
            assertThat(own.keys.published().toLowerCase(Locale.ROOT))
                    .contains(algorithm)
                    .doesNotContain("\"d\"");
        }
    }

    @Test
    void privateHalfIsNotReadableInTheDatabase() {
        byte[] encoded = harness.keys.signing().privateKey().getEncoded();
        String stored = harness.sql()
                .rows("SELECT encode(private_key, 'hex') FROM signing_key")
                .getFirst();

        assertThat(stored)
                .hasSize(2 * (encoded.length + 28))
                .doesNotContain(HexFormat.of().formatHex(encoded, encoded.length - 16, encoded.length));
    }

    private static String good() {
        return harness.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD));
    }

    private static PublicKey ourKey() {
        return harness.keys.signing().publicKey();
    }

    private static String claims() {
        return new String(Base64.getUrlDecoder().decode(good().split("\\.", -1)[1]), StandardCharsets.UTF_8);
    }

    /** A token that our own key has signed, with one claim changed, or removed where the value is null. */
    private static String ours(String claim, Object value) throws Exception {
        JwtClaims claims = JwtClaims.parse(claims());
        if (value == null) {
            claims.unsetClaim(claim);
        } else {
            claims.setClaim(claim, value);
        }
        SigningKey key = harness.keys.signing();
        return sign(key.algorithm().text(), key.kid(), key.privateKey(), claims.toJson(), Map.of());
    }

    private static String signed(
            SigningKey.Algorithm algorithm, String kid, String claims, Map<String, String> headers) {
        return sign(algorithm.text(), kid, algorithm.generate().getPrivate(), claims, headers);
    }

    private static String withItsOwnKey(String kid, String claims) {
        KeyPair pair = SigningKey.Algorithm.ES256.generate();
        try {
            PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
            key.setKeyId(kid);
            JsonWebSignature token = new JsonWebSignature();
            token.setAlgorithmHeaderValue("ES256");
            token.setKeyIdHeaderValue(kid);
            token.setJwkHeader(key);
            token.setPayload(claims);
            token.setKey(pair.getPrivate());
            return token.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    private static String sign(String algorithm, String kid, Key key, String claims, Map<String, String> headers) {
        JsonWebSignature token = new JsonWebSignature();
        token.setAlgorithmHeaderValue(algorithm);
        token.setKeyIdHeaderValue(kid);
        headers.forEach(token::setHeader);
        token.setPayload(claims);
        token.setKey(key);
        try {
            return token.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    private static String hmac(String kid, String claims, byte[] key) {
        try {
            String signed = base64("{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}") + '.' + base64(claims);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return signed + '.' + base64(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String unsigned(String header, String claims, byte[] signature) {
        return base64(header) + '.' + base64(claims) + '.' + base64(signature);
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
