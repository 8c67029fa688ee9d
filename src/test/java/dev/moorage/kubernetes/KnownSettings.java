package dev.moorage.kubernetes;

import dev.moorage.config.MoorageConfig;
import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The variables by which the started program can be set: those of {@code moorage.*}, and those of the framework that count
 * at run time. One that was fixed when the program was built is none: it would be passed over.
 */
final class KnownSettings {

    private static final String ROOTS = "META-INF/quarkus-config-roots.list";
    private static final List<Pattern> VARIABLES = Stream.concat(Stream.of(MoorageConfig.class), quarkus())
            .map(ConfigClass::configClass)
            .flatMap(type -> type.getProperties().keySet().stream())
            .distinct()
            .map(KnownSettings::variable)
            .toList();

    private KnownSettings() {}

    /** Whether this variable of the environment sets something in a program that is started with it. */
    static boolean has(String variable) {
        return VARIABLES.stream().anyMatch(known -> known.matcher(variable).matches());
    }

    private static Pattern variable(String property) {
        String name = property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9*]", "_");
        return Pattern.compile(name.replace("*", "[A-Z0-9_]+"));
    }

    private static Stream<Class<?>> quarkus() {
        try {
            ClassLoader loader = KnownSettings.class.getClassLoader();
            return Collections.list(loader.getResources(ROOTS)).stream()
                    .flatMap(KnownSettings::lines)
                    .distinct()
                    .<Class<?>>map(name -> load(loader, name))
                    .filter(type -> type.isAnnotationPresent(ConfigMapping.class))
                    .filter(type -> type.getAnnotation(ConfigRoot.class).phase() == ConfigPhase.RUN_TIME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> lines(URL list) {
        try (var reader = new BufferedReader(new InputStreamReader(list.openStream(), StandardCharsets.UTF_8))) {
            return reader.lines().map(String::strip).filter(line -> !line.isEmpty()).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(ClassLoader loader, String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
