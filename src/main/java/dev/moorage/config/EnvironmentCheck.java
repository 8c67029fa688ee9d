package dev.moorage.config;

import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Refuses variables of the environment that look like a setting and are none, which the mapping passes over. */
final class EnvironmentCheck {

    private static final String PREFIX = "MOORAGE_";
    // Kubernetes sets these for a service called moorage or moorage-something; the tests have variables of their own.
    private static final Pattern NOT_SETTINGS = Pattern.compile(
            "MOORAGE_(?:TEST_.*|(?:.*_)?SERVICE_(?:HOST|PORT(?:_.*)?)|(?:.*_)?PORT(?:_\\d+_(?:TCP|UDP|SCTP)(?:_.*)?)?)");

    private EnvironmentCheck() {}

    static void check(Collection<String> variables) {
        Set<String> known = ConfigClass.configClass(MoorageConfig.class).getProperties().keySet().stream()
                .map(EnvironmentCheck::variable)
                .collect(Collectors.toSet());
        List<String> unknown = variables.stream()
                .filter(name -> name.startsWith(PREFIX))
                .filter(name ->
                        !known.contains(name) && !NOT_SETTINGS.matcher(name).matches())
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            throw new StartupCheckFailed(
                    "%s in the environment is no setting of moorage.*, whatever it was meant to be."
                            .formatted(String.join(", ", unknown)));
        }
    }

    private static String variable(String property) {
        return property.replaceAll("[^a-zA-Z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
