package dev.moorage.config;

import io.smallrye.config.ConfigValidationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the mapping of settings complains of, said in one sentence. */
final class SettingsComplaint {

    private static final Pattern UNKNOWN = Pattern.compile("SRCFG00050: (\\S+) in .*");
    private static final Pattern MALFORMED = Pattern.compile(
            ".*SRCFG00039: The config property (\\S+) with the config value (\".*\") threw an Exception whilst being converted (.*)",
            Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("(?:[\\w.]+Exception: )?(?:SRCFG\\d+: )?");

    private SettingsComplaint() {}

    /** Names every setting that was refused. */
    static String of(ConfigValidationException refused) {
        return IntStream.range(0, refused.getProblemCount())
                        .mapToObj(index -> clause(refused.getProblem(index).getMessage()))
                        .distinct()
                        .collect(Collectors.joining("; "))
                + ".";
    }

    /** One complaint without what only a programmer reads; one of an unknown form stays as it is. */
    static String clause(String problem) {
        Matcher unknown = UNKNOWN.matcher(problem);
        if (unknown.matches()) {
            return unknown.group(1) + " is no setting";
        }
        Matcher malformed = MALFORMED.matcher(problem);
        if (malformed.matches()) {
            String reason = withoutCode(malformed.group(3).lines().findFirst().orElse(""));
            return "%s is %s, which cannot be read (%s)".formatted(malformed.group(1), malformed.group(2), reason);
        }
        return withoutCode(problem);
    }

    private static String withoutCode(String text) {
        Matcher code = CODE.matcher(text);
        return code.lookingAt() ? text.substring(code.end()) : text;
    }
}
