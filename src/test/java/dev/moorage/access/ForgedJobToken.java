package dev.moorage.access;

import dev.moorage.testing.FakeIssuer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.HmacKey;

/** Ways to make a token that is none, each from claims that would do. */
enum ForgedJobToken {
    ALG_NONE((_, _, claims) -> unsigned("{\"alg\":\"none\",\"kid\":\"es\"}", claims)),
    ALG_NONE_IN_CAPITALS((_, _, claims) -> unsigned("{\"alg\":\"NONE\",\"kid\":\"es\"}", claims)),
    NO_SIGNATURE((_, _, claims) -> unsigned("{\"alg\":\"ES256\",\"kid\":\"es\"}", claims)),
    HMAC_WITH_THE_PUBLIC_KEY((issuer, _, claims) -> FakeIssuer.sign(
            "HS256", "rs", new HmacKey(issuer.key("RS256").getKey().getEncoded()), json(claims), Map.of())),
    HMAC_WITH_THE_OTHER_PUBLIC_KEY((issuer, _, claims) -> FakeIssuer.sign(
            "HS256", "es", new HmacKey(issuer.key("ES256").getKey().getEncoded()), json(claims), Map.of())),
    ANOTHER_KEY_UNDER_THE_NAME(
            (_, _, claims) -> FakeIssuer.sign(FakeIssuer.newKey("ES256", "es"), json(claims), Map.of())),
    KEY_OF_THE_OTHER_KIND((issuer, _, claims) ->
            FakeIssuer.sign("RS256", "es", issuer.key("RS256").getPrivateKey(), json(claims), Map.of())),
    ALGORITHM_THAT_THE_KEY_IS_NOT_FOR((issuer, _, claims) ->
            FakeIssuer.sign("RS512", "rs", issuer.key("RS256").getPrivateKey(), json(claims), Map.of())),
    KEY_OF_NOBODY((_, _, claims) -> FakeIssuer.sign(FakeIssuer.newKey("ES256", "nobodys"), json(claims), Map.of())),
    NO_NAME_OF_A_KEY((issuer, _, claims) ->
            FakeIssuer.sign("ES256", null, issuer.key("ES256").getPrivateKey(), json(claims), Map.of())),
    ITS_OWN_KEY_IN_THE_HEADER((_, stranger, claims) -> {
        PublicJsonWebKey own = stranger.key("ES256");
        return FakeIssuer.sign(
                own, json(claims), Map.of("jwk", own.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY)));
    }),
    ITS_OWN_KEY_AT_AN_ADDRESS((_, stranger, claims) -> FakeIssuer.sign(
            stranger.key("ES256"),
            json(claims),
            Map.of("jku", stranger.keys().toString(), "x5u", stranger.keys().toString()))),
    CRITICAL_HEADER_THAT_NOBODY_KNOWS((issuer, _, claims) -> FakeIssuer.sign(
            issuer.key("ES256"), json(claims), Map.of("crit", List.of("unheard-of"), "unheard-of", true))),
    ANOTHER_ISSUER((_, stranger, claims) -> stranger.token(with(claims, "iss", stranger.address()))),
    ANOTHER_ISSUERS_NAME((issuer, stranger, claims) -> issuer.token(with(claims, "iss", stranger.address()))),
    ISSUER_WITH_A_SLASH((issuer, _, claims) -> issuer.token(with(claims, "iss", issuer.address() + "/"))),
    ANOTHER_AUDIENCE((issuer, _, claims) -> issuer.token(with(claims, "aud", "https://other.example"))),
    TWO_AUDIENCES((issuer, _, claims) ->
            issuer.token(with(claims, "aud", List.of("https://registry.example", "https://other.example")))),
    EXPIRED((issuer, _, claims) -> issuer.token(with(claims, "exp", now() - 100))),
    NOT_GOOD_YET((issuer, _, claims) -> issuer.token(with(claims, "nbf", now() + 100))),
    MADE_IN_THE_FUTURE((issuer, _, claims) -> issuer.token(with(claims, "iat", now() + 100))),
    END_THAT_IS_A_TEXT((issuer, _, claims) -> issuer.token(with(claims, "exp", "tomorrow"))),
    END_BEYOND_ALL_NUMBERS((issuer, _, claims) -> issuer.token(with(claims, "exp", Long.MAX_VALUE))),
    NO_ISSUER((issuer, _, claims) -> issuer.token(without(claims, "iss"))),
    NO_AUDIENCE((issuer, _, claims) -> issuer.token(without(claims, "aud"))),
    NO_END((issuer, _, claims) -> issuer.token(without(claims, "exp"))),
    NO_BEGINNING((issuer, _, claims) -> issuer.token(without(claims, "iat"))),
    NO_SUBJECT((issuer, _, claims) -> issuer.token(without(claims, "sub"))),
    SUBJECT_OF_TWO_LINES((issuer, _, claims) -> issuer.token(with(claims, "sub", "repo:acme/web:ref:a\nb"))),
    OTHER_CLAIMS_UNDER_THE_SIGNATURE((issuer, _, claims) -> {
        String[] parts = issuer.token(with(claims, "run", 8)).split("\\.", -1);
        return parts[0] + '.' + base64(json(claims)) + '.' + parts[2];
    }),
    CLAIMS_THAT_ARE_NO_OBJECT((issuer, _, _) -> FakeIssuer.sign(issuer.key("ES256"), "[]", Map.of())),
    LONGER_THAN_ANY((issuer, _, claims) -> issuer.token(with(claims, "padding", "x".repeat(16_384)))),
    GARBAGE((_, _, _) -> "eyJ.eyJ.x");

    @SuppressWarnings("ImmutableEnumChecker") // A lambda without state.
    private final Maker maker;

    ForgedJobToken(Maker maker) {
        this.maker = maker;
    }

    private interface Maker {
        String make(FakeIssuer issuer, FakeIssuer stranger, Map<String, Object> claims);
    }

    /** The token, for somebody who has claims that would do, and an issuer of his own. */
    String make(FakeIssuer issuer, FakeIssuer stranger, Map<String, Object> claims) {
        return maker.make(issuer, stranger, claims);
    }

    static String json(Map<String, Object> claims) {
        return JsonUtil.toJson(claims);
    }

    private static Map<String, Object> with(Map<String, Object> claims, String name, Object value) {
        Map<String, Object> other = new HashMap<>(claims);
        other.put(name, value);
        return other;
    }

    private static Map<String, Object> without(Map<String, Object> claims, String name) {
        Map<String, Object> other = new HashMap<>(claims);
        other.remove(name);
        return other;
    }

    private static String unsigned(String header, Map<String, Object> claims) {
        return base64(header) + '.' + base64(json(claims)) + '.';
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }
}
