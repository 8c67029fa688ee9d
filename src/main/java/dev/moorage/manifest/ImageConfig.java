package dev.moorage.manifest;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an image was made and how it is run, by its own word (OCI image specification, "Image Configuration").
 *
 * <p>It belongs to its client and may be anything: what is of another form than the specification says is left out. Of each
 * list the first {@value #MOST} are kept.
 *
 * @param created when it was made
 * @param author by whom
 * @param os the operating system
 * @param architecture the processor
 * @param variant the processor's variant
 * @param osVersion the operating system's version
 * @param run how it is run
 * @param labels its labels, in their order
 * @param history how it was made, the first step first
 * @param cut whether a list was longer than what is kept of it
 */
public record ImageConfig(
        Optional<Instant> created,
        Optional<String> author,
        Optional<String> os,
        Optional<String> architecture,
        Optional<String> variant,
        Optional<String> osVersion,
        Run run,
        Map<String, String> labels,
        List<Step> history,
        boolean cut) {

    /** How many entries of a list are kept. */
    public static final int MOST = 1000;

    /** Keeps its own copies. */
    public ImageConfig {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        history = List.copyOf(history);
    }

    /** Reads a configuration; empty where it is no JSON object, or longer than {@link ConfigFacts#MAX_BYTES}. */
    public static Optional<ImageConfig> read(byte[] json) {
        return ConfigReader.image(json);
    }

    /** The platform as {@code linux/arm64/v8}; empty where the configuration says none. */
    public Optional<String> platform() {
        return os.flatMap(system -> architecture.map(processor ->
                system + '/' + processor + variant.map(v -> '/' + v).orElse("")));
    }

    /**
     * How an image is run.
     *
     * @param user as whom
     * @param workingDirectory where
     * @param entrypoint what is run
     * @param command its arguments, or what is run where there is no entry point
     * @param environment its variables, as {@code NAME=value}
     * @param ports where it is reached, as {@code 80/tcp}
     * @param volumes what lies outside of the image
     * @param stopSignal how it is ended
     */
    public record Run(
            Optional<String> user,
            Optional<String> workingDirectory,
            List<String> entrypoint,
            List<String> command,
            List<String> environment,
            List<String> ports,
            List<String> volumes,
            Optional<String> stopSignal) {

        /** Nothing is said. */
        public static final Run NOTHING = new Run(
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());

        /** Keeps its own copies. */
        public Run {
            entrypoint = List.copyOf(entrypoint);
            command = List.copyOf(command);
            environment = List.copyOf(environment);
            ports = List.copyOf(ports);
            volumes = List.copyOf(volumes);
        }
    }

    /**
     * A step of an image's history.
     *
     * @param createdBy the command
     * @param comment what was said of it
     * @param created when
     * @param empty whether it made no layer
     */
    public record Step(
            Optional<String> createdBy, Optional<String> comment, Optional<Instant> created, boolean empty) {}
}
