package dev.moorage.config;

import io.smallrye.config.ConfigValidationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is wrong with the settings, in one sentence. */
public final class SettingsComplaint {

    private SettingsComplaint() {}

    /** Names every setting that was refused. */
    public static String of(ConfigValidationException refused) {
        return IntStream.range(0, refused.getProblemCount())
                .mapToObj(index -> refused.getProblem(index).getMessage())
                .distinct()
                .collect(Collectors.joining("; "));
    }
}
