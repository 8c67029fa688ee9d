package dev.moorage.command;

import dev.moorage.administration.ImageFilter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** The filters of a command line, each {@code key=value}; of one key the last counts, but for labels, which all count. */
final class ImageArguments {

    private final CommandSpec spec;
    private final List<String> labels = new ArrayList<>();
    private Optional<String> reference = Optional.empty();
    private Optional<String> platform = Optional.empty();
    private Optional<Boolean> dangling = Optional.empty();
    private Optional<String> before = Optional.empty();
    private Optional<String> since = Optional.empty();

    ImageArguments(CommandSpec spec) {
        this.spec = spec;
    }

    /** Reads a filter; shows the usage where it is none. */
    void add(String filter) {
        int equals = filter.indexOf('=');
        String value = filter.substring(equals + 1);
        switch (equals < 0 ? "" : filter.substring(0, equals)) {
            case "reference" -> reference = Optional.of(value);
            case "label" -> labels.add(value);
            case "platform" -> platform = Optional.of(value);
            case "dangling" -> dangling = Optional.of(truth(value));
            case "before" -> before = Optional.of(value);
            case "since" -> since = Optional.of(value);
            default ->
                throw Arguments.wrong(
                        spec, "a filter is reference=, label=, platform=, dangling=, before= or since= something");
        }
    }

    private boolean truth(String value) {
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw Arguments.wrong(spec, "dangling is true or false");
        };
    }

    /**
     * What is asked for.
     *
     * @param pushed when another image was pushed, by its name and tag
     */
    ImageFilter filter(Function<String, Instant> pushed) {
        return new ImageFilter(
                reference,
                labels,
                platform,
                dangling,
                Optional.empty(),
                // Behind the image that is named, and not with it.
                since.map(text -> time(text).orElseGet(() -> pushed.apply(text).plus(1, ChronoUnit.MICROS))),
                before.map(text -> time(text).orElseGet(() -> pushed.apply(text))),
                false);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
