package dev.moorage.http.token;

import dev.moorage.access.PeopleLogin.Purpose;
import dev.moorage.http.ConsolePath;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * What a browser keeps of a log-in by an OpenID provider that it has begun.
 *
 * @param purpose what it is for
 * @param next to which page of the console it leads
 */
record Kept(Purpose purpose, String next) {

    private static final String CONSOLE = "console.";

    /** As somebody asks for it; what nobody can ask for is for clients. */
    static Kept of(String wanted, String next) {
        Purpose purpose =
                switch (wanted) {
                    case "administration" -> Purpose.ADMINISTRATION;
                    case "console" -> Purpose.CONSOLE;
                    default -> Purpose.CLIENTS;
                };
        return new Kept(purpose, ConsolePath.of(next).orElse(ConsolePath.HOME));
    }

    /** As the browser brings it back, whoever wrote it. */
    static Kept of(Optional<String> text) {
        String brought = text.orElse("");
        return brought.startsWith(CONSOLE)
                ? of("console", decoded(brought.substring(CONSOLE.length())))
                : of(brought, ConsolePath.HOME);
    }

    /** As a cookie holds it. */
    String text() {
        return switch (purpose) {
            case CLIENTS, ADMINISTRATION -> purpose.name().toLowerCase(Locale.ROOT);
            case CONSOLE ->
                CONSOLE
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(next.getBytes(StandardCharsets.US_ASCII));
        };
    }

    private static String decoded(String text) {
        try {
            return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException _) {
            return ConsolePath.HOME;
        }
    }
}
