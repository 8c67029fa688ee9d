package dev.moorage.access;

import dev.moorage.name.Glob;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jose4j.json.JsonUtil;

/** Compares what an issuer says of a CI job with what an organization demands, and chooses what of it is kept. */
final class JobClaims {

    /** How many bytes all that is kept has at most, names and values, as a token says them: it goes with each request of the job. */
    static final int MOST_BYTES = 2048;

    /** How many characters of a value are kept. */
    static final int LONGEST_KEPT = 255;

    private static final int NO_BYTES = "{\"\":\"\"}".length();

    private JobClaims() {}

    /**
     * Whether each claim that is demanded is there, and its whole value is as its pattern says. A value is a text, a whole
     * number, or true or false; any other matches nothing, and neither does a demand for nothing.
     */
    static boolean match(Map<String, Object> claims, Map<String, String> patterns) {
        return !patterns.isEmpty()
                && patterns.entrySet().stream().allMatch(pattern -> Optional.ofNullable(claims.get(pattern.getKey()))
                        .flatMap(JobClaims::text)
                        .filter(value -> Glob.parse(pattern.getValue())
                                .filter(glob -> glob.matches(value))
                                .isPresent())
                        .isPresent());
    }

    /**
     * What the history keeps: who the job is and by whose word, and then the claims that were demanded, by their names, as
     * long as there is room.
     */
    static SortedMap<String, String> kept(Map<String, Object> claims, Map<String, String> patterns) {
        SortedMap<String, String> kept = new TreeMap<>();
        int room = keep(kept, claims, "iss", MOST_BYTES);
        room = keep(kept, claims, "sub", room);
        for (String name : new TreeMap<>(patterns).keySet()) {
            room = keep(kept, claims, name, room);
        }
        return kept;
    }

    /** Answers how much room is left. */
    private static int keep(Map<String, String> kept, Map<String, Object> claims, String name, int room) {
        Optional<String> value =
                Optional.ofNullable(claims.get(name)).flatMap(JobClaims::text).map(JobClaims::cut);
        int size = value.map(text -> bytes(name) + bytes(text)).orElse(0);
        if (value.isEmpty() || kept.containsKey(name) || size > room) {
            return room;
        }
        kept.put(name, value.get());
        return room - size;
    }

    /** What a pattern is compared with; control characters are in no claim that means anything. */
    static Optional<String> text(Object value) {
        return switch (value) {
            case String text when text.chars().noneMatch(Character::isISOControl) -> Optional.of(text);
            case Boolean flag -> Optional.of(flag.toString());
            case Long number -> Optional.of(number.toString());
            default -> Optional.empty();
        };
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST_KEPT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_KEPT - 1)) ? LONGEST_KEPT - 1 : LONGEST_KEPT;
        return text.substring(0, end);
    }

    /** How many bytes a text has as a token says it: some characters are escaped there. */
    static int bytes(String text) {
        return JsonUtil.toJson(Map.of("", text)).getBytes(StandardCharsets.UTF_8).length - NO_BYTES;
    }
}
