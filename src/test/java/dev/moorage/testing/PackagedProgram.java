package dev.moorage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The packaged program, and how tests start it: the jar that system property {@code moorage.test.program} names, or the binary
 * of {@code moorage.test.native}.
 *
 * <p>Programs whose JVM a test gives no options of its own are started as the image starts them, with a flat class path and, where
 * {@code moorage.test.aot} says so, an AOT cache, which halves the work of a start; all others as {@code java -jar} does.
 */
public final class PackagedProgram {

    private PackagedProgram() {}

    /** The command that starts it with these options of the JVM and system properties, to which arguments may be appended. */
    public static List<String> command(List<String> jvmOptions, List<String> properties) {
        if (binary().isPresent()) {
            return join(List.of(binary().get()), jvmOptions, properties);
        }
        return jvmOptions.isEmpty()
                ? flat(join(ShortLived.JVM_OPTIONS, cacheOption(), properties))
                : jar(join(jvmOptions, properties));
    }

    /** The command that starts it as by hand. */
    public static List<String> jar(List<String> options) {
        return binary().isPresent()
                ? join(List.of(binary().get()), options)
                : join(List.of(java()), options, List.of("-jar", jar()));
    }

    /** As the image does, whose options are those of the file here. */
    static List<String> flat(List<String> options) {
        return join(
                List.of(java(), "@" + Path.of("image", "options").toAbsolutePath()),
                options,
                List.of("-cp", classPath(), "dev.moorage.Main"));
    }

    /** What another build has another of. */
    static Path file() {
        return Path.of(binary().orElseGet(PackagedProgram::jar));
    }

    /** Whether an AOT cache is wanted and can be had. */
    static boolean wantsCache() {
        return binary().isEmpty() && Boolean.getBoolean("moorage.test.aot");
    }

    private static List<String> cacheOption() {
        return wantsCache() ? List.of("-XX:AOTCache=" + Prepared.cache()) : List.of();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Optional<String> binary() {
        return MoorageProcess.setting("moorage.test.native", "MOORAGE_TEST_NATIVE");
    }

    private static String jar() {
        return MoorageProcess.setting("moorage.test.program", "MOORAGE_TEST_PROGRAM")
                .orElse("target/quarkus-app/quarkus-run.jar");
    }

    // Classes that the build changed come before those that it took them from.
    private static String classPath() {
        Path home = Path.of(jar()).toAbsolutePath().getParent();
        return Stream.of(
                        Stream.of(
                                home.resolve("quarkus/transformed-bytecode.jar"),
                                home.resolve("quarkus/generated-bytecode.jar")),
                        jars(home.resolve("app")),
                        jars(home.resolve("lib/boot")),
                        jars(home.resolve("lib/main")))
                .flatMap(files -> files)
                .map(Path::toString)
                .collect(Collectors.joining(":"));
    }

    private static Stream<Path> jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SafeVarargs
    private static List<String> join(List<String>... parts) {
        List<String> all = new ArrayList<>();
        for (List<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }
}
