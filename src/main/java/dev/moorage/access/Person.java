package dev.moorage.access;

import dev.moorage.config.MoorageConfig.Oidc;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/**
 * Somebody whom an OpenID provider has named.
 *
 * @param issuer the provider
 * @param subject what it calls him, which it never gives to another (OpenID Connect Core, section 2)
 * @param name the name that he would have here, in lower case; empty where the provider says none
 * @param teams his teams, each as {@code organization/team}; empty where the settings name no claim for them
 */
record Person(String issuer, String subject, Optional<String> name, Optional<List<String>> teams) {

    private static final int LONGEST_SUBJECT = 255;
    private static final int MOST_TEAMS = 1000;
    private static final int LONGEST_TEAM = 600;

    /** Keeps its own copy of the teams. */
    Person {
        teams = teams.map(List::copyOf);
    }

    /** Reads an id-token that has been verified; empty where it does not say who somebody is. */
    static Optional<Person> of(String token, Oidc settings) {
        Map<String, Object> claims = claims(token);
        Optional<String> subject = text(claims.get("sub")).filter(Person::isSubject);
        // Compared once more: the account hangs on these two.
        return settings.issuer()
                .filter(issuer -> issuer.equals(claims.get("iss")))
                .flatMap(issuer -> subject.map(known -> new Person(
                        issuer,
                        known,
                        text(claims.get(settings.nameClaim())).map(text -> text.toLowerCase(Locale.ROOT)),
                        settings.groupsClaim().map(claim -> teams(claims.get(claim))))));
    }

    private static Map<String, Object> claims(String token) {
        String[] parts = token.split("\\.", -1);
        try {
            return JsonUtil.parseJson(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSubject(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST_SUBJECT
                && text.chars().noneMatch(Character::isISOControl);
    }

    private static Optional<String> text(Object claim) {
        return claim instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** What is no team of an organization is another program's group. */
    private static List<String> teams(Object claim) {
        Stream<?> entries =
                switch (claim) {
                    case Collection<?> several -> several.stream();
                    case String one -> Stream.of(one);
                    case null, default -> Stream.empty();
                };
        return entries.filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(text -> text.indexOf('/') > 0 && text.length() <= LONGEST_TEAM && text.indexOf('\0') < 0)
                .distinct()
                .limit(MOST_TEAMS)
                .toList();
    }
}
