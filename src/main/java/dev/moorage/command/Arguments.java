package dev.moorage.command;

import dev.moorage.name.OrganizationName;
import dev.moorage.name.Role;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Makes values of arguments; where one is none the usage is shown and nothing started. */
final class Arguments {

    private static final Pattern TIME = Pattern.compile("([0-9]{1,5})([dhm])");

    private Arguments() {}

    static OrganizationName organization(CommandSpec spec, String text) {
        return OrganizationName.parse(text)
                .orElseThrow(() -> wrong(spec, "an organization's name is one component of a repository's name"));
    }

    static Role role(CommandSpec spec, String text) {
        return Role.parse(text).orElseThrow(() -> wrong(spec, "a role is reader, writer, maintainer or owner"));
    }

    /** A time as {@code 90d}, {@code 12h} or {@code 30m}. */
    static Duration time(CommandSpec spec, String text) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            throw wrong(spec, "a time is a number of days, hours or minutes, as 90d, 12h or 30m");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "d" -> Duration.ofDays(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofMinutes(number);
        };
    }

    static ParameterException wrong(CommandSpec spec, String reason) {
        return new ParameterException(spec.commandLine(), reason);
    }
}
