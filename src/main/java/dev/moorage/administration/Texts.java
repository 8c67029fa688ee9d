package dev.moorage.administration;

import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.name.AccountName;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What texts of a request may be. */
final class Texts {

    /** How many characters a description has at most. */
    private static final int LONGEST_DESCRIPTION = 1000;

    private static final int LONGEST_ADDRESS = 1000;
    private static final int LONGEST_NAME = 255;
    private static final int SHORTEST_PASSWORD = 8;
    private static final int LONGEST_PASSWORD = 1000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,254}");

    private Texts() {}

    /** The name of a team, a robot or a trusted issuer. */
    static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new Invalid(
                    "name", "a name has lower-case letters, digits, dots, underscores and hyphens, at most 255");
        }
        return text;
    }

    /** Whether there can be such a name, of whatever. */
    static boolean isName(String text) {
        return AccountName.isPossible(text);
    }

    /** What there is of a name; 404 where there is nothing, or can be nothing. */
    static <T> T found(String what, String name, Function<String, Optional<T>> look) {
        return Optional.of(name).filter(Texts::isName).flatMap(look).orElseThrow(() -> new NotFound(what, name));
    }

    /** The name of an account. */
    static String account(String text) {
        if (!AccountName.isFree(text)) {
            throw new Invalid(
                    "name",
                    "an account's name has lower-case letters, digits, dots, underscores, hyphens and @, at most 255");
        }
        return text;
    }

    /** The name of a personal token, for a person to read. */
    static String label(String text) {
        return line("name", text, LONGEST_NAME);
    }

    /** What a provider calls a person. */
    static String subject(String text) {
        return line("subject", text, LONGEST_NAME);
    }

    /** An issuer or an audience. */
    static String address(String field, String text) {
        return line(field, text, LONGEST_ADDRESS);
    }

    private static String line(String field, String text, int longest) {
        if (text.isBlank() || text.length() > longest || text.chars().anyMatch(Character::isISOControl)) {
            throw new Invalid(field, "%s is one line of 1 to %d characters".formatted(field, longest));
        }
        return text;
    }

    static String description(String text) {
        boolean plain = text.chars().allMatch(c -> c == '\n' || c == '\t' || !Character.isISOControl(c));
        if (text.length() > LONGEST_DESCRIPTION || !plain) {
            throw new Invalid("description", "a description has at most 1000 characters and no control characters");
        }
        return text;
    }

    /** A text in Markdown, with the ends of its lines as Unix has them. */
    static String readme(String text) {
        String lines = text.replace("\r\n", "\n").replace('\r', '\n');
        boolean plain = lines.chars().allMatch(c -> c == '\n' || c == '\t' || !Character.isISOControl(c));
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        if (!plain
                || !encoder.canEncode(lines)
                || lines.getBytes(StandardCharsets.UTF_8).length > PresentationService.MAX_README) {
            throw new Invalid(
                    "text",
                    "a README has at most " + PresentationService.MAX_README + " bytes and no control characters");
        }
        return lines;
    }

    static String password(String field, String text) {
        if (text.length() < SHORTEST_PASSWORD || text.length() > LONGEST_PASSWORD) {
            throw new Invalid(field, "a password has 8 to 1000 characters");
        }
        return text;
    }

    static Optional<Instant> expiry(Optional<Instant> at) {
        if (at.filter(time -> !time.isAfter(Instant.now())).isPresent()) {
            throw new Invalid("expiresAt", "expiresAt lies in the future");
        }
        return at;
    }
}
