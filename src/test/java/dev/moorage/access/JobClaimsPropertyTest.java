package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** All claims that are demanded match as wholes, and what is kept of them is bounded. */
class JobClaimsPropertyTest {

    @Property
    void valueMatchesItselfOnlyAndNeverAHalfOfIt(@ForAll("values") String value, @ForAll("values") String more) {
        Map<String, String> demanded = Map.of("sub", value);

        assertThat(JobClaims.match(Map.of("sub", value), demanded)).isTrue();
        assertThat(JobClaims.match(Map.of("sub", value + more), demanded)).isFalse();
        assertThat(JobClaims.match(Map.of("sub", more + value), demanded)).isFalse();
        assertThat(JobClaims.match(Map.of("sub", value.substring(1)), demanded)).isFalse();
    }

    @Property
    void repositoryWhoseNameBeginsAlikeIsAnother(@ForAll("values") String more) {
        Map<String, String> demanded = Map.of("sub", "repo:acme/web:*");

        assertThat(JobClaims.match(Map.of("sub", "repo:acme/web:" + more), demanded))
                .isTrue();
        assertThat(JobClaims.match(Map.of("sub", "repo:acme/web" + more.replace(':', '-') + ":ref"), demanded))
                .isFalse();
        assertThat(JobClaims.match(Map.of("sub", more + "repo:acme/web:ref"), demanded))
                .isFalse();
    }

    @Property
    void eachClaimIsDemanded(@ForAll("claims") Map<String, String> claims, @ForAll("names") String one) {
        Map<String, Object> said = new HashMap<>(claims);
        assertThat(JobClaims.match(said, claims)).isEqualTo(!claims.isEmpty());

        Map<String, String> demanded = new HashMap<>(claims);
        demanded.put(one + "x", "*");
        assertThat(JobClaims.match(said, demanded)).isEqualTo(said.containsKey(one + "x"));
    }

    @Example
    void valueIsATextANumberOrAFlagAndNothingElse() {
        Map<String, String> any = Map.of("claim", "*");

        assertThat(JobClaims.match(Map.of("claim", "text"), any)).isTrue();
        assertThat(JobClaims.match(Map.of("claim", 7L), Map.of("claim", "7"))).isTrue();
        assertThat(JobClaims.match(Map.of("claim", true), Map.of("claim", "true")))
                .isTrue();
        for (Object other : List.of(List.of("text"), Map.of("a", "text"), 1.5, "line\nbreak", "\u0000")) {
            assertThat(JobClaims.match(Map.of("claim", other), any))
                    .as("%s", other)
                    .isFalse();
        }
        assertThat(JobClaims.match(Map.of(), any)).isFalse();
        assertThat(JobClaims.match(Map.of("claim", "text"), Map.of())).isFalse();
    }

    @Property
    void whatIsKeptIsBoundedAndWasDemanded(@ForAll("longClaims") Map<String, String> claims) {
        Map<String, Object> said = new HashMap<>(claims);
        said.put("iss", "https://ci.example");
        said.put("sub", "job");
        said.put("secret", "not demanded");

        SortedMap<String, String> kept = JobClaims.kept(said, claims);

        assertThat(kept).containsEntry("iss", "https://ci.example").containsEntry("sub", "job");
        assertThat(kept).doesNotContainKey("secret");
        assertThat(kept.values()).allMatch(value -> value.length() <= JobClaims.LONGEST_KEPT);
        assertThat(kept.entrySet().stream()
                        .mapToInt(claim -> bytes(claim.getKey()) + bytes(claim.getValue()))
                        .sum())
                .isLessThanOrEqualTo(JobClaims.MOST_BYTES);
        kept.forEach((name, value) -> assertThat(said.get(name).toString()).startsWith(value));
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.strings()
                .withChars("abz/:.-_")
                .withCharRange('0', '9')
                .ofMinLength(1)
                .ofMaxLength(40);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("abcx").ofMinLength(1).ofMaxLength(2);
    }

    @Provide
    Arbitrary<Map<String, String>> claims() {
        return Arbitraries.maps(names(), values()).ofMaxSize(5);
    }

    @Provide
    Arbitrary<Map<String, String>> longClaims() {
        return Arbitraries.maps(
                        Arbitraries.strings().alpha().ofMinLength(4).ofMaxLength(200),
                        Arbitraries.strings()
                                .withChars("aä\u20ac")
                                .withChars(Character.toChars(0x1f40b))
                                .ofMaxLength(400))
                .ofMaxSize(32)
                .map(claims -> {
                    claims.remove("secret");
                    return claims;
                });
    }
}
