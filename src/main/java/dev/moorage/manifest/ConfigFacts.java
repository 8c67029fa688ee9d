package dev.moorage.manifest;

import dev.moorage.error.RegistryException.ManifestInvalid;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;

/**
 * What is worth knowing of an image's configuration (OCI image specification, "Image Configuration").
 *
 * <p>A configuration belongs to its client and may be anything: what cannot be read is left out, and nothing is refused.
 *
 * @param created when the image was made, from the year 1 to the year 9999
 * @param os the operating system; like the following at most 255 printable characters
 * @param architecture the processor
 * @param variant the processor's variant
 * @param osVersion the operating system's version
 * @param labels the labels: a JSON object of texts, as it was written
 */
public record ConfigFacts(
        Optional<Instant> created,
        Optional<String> os,
        Optional<String> architecture,
        Optional<String> variant,
        Optional<String> osVersion,
        String labels) {

    /** The longest configuration that is read, in bytes. */
    public static final int MAX_BYTES = 1024 * 1024;

    /** Nothing is known. */
    public static final ConfigFacts NONE = new ConfigFacts(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "{}");

    private static final int MAX_DEPTH = 100;
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final Set<String> MEMBERS =
            Set.of("created", "os", "architecture", "variant", "os.version", "config");

    /** Reads a configuration; {@link #NONE} where it is no JSON object or longer than {@link #MAX_BYTES}. */
    public static ConfigFacts read(byte[] configJson) {
        if (configJson.length > MAX_BYTES) {
            return NONE;
        }
        try {
            return of(JsonOutline.of(configJson, MAX_DEPTH, MEMBERS));
        } catch (ManifestInvalid _) {
            return NONE;
        }
    }

    private static ConfigFacts of(JsonOutline outline) {
        return new ConfigFacts(
                outline.member("created").flatMap(JsonValue::string).flatMap(ConfigFacts::instant),
                text(outline, "os"),
                text(outline, "architecture"),
                text(outline, "variant"),
                text(outline, "os.version"),
                labels(outline));
    }

    private static Optional<String> text(JsonOutline outline, String name) {
        return outline.member(name).flatMap(JsonValue::string).flatMap(PlainText::of);
    }

    private static Optional<Instant> instant(String text) {
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return instant.isBefore(FIRST) || instant.isAfter(LAST) ? Optional.empty() : Optional.of(instant);
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static String labels(JsonOutline outline) {
        try {
            return outline.member("config")
                    .flatMap(config -> JsonOutline.of(config, Set.of("Labels")))
                    .flatMap(config -> config.member("Labels"))
                    .map(Annotations::read)
                    .orElse(Annotations.NONE)
                    .json();
        } catch (ManifestInvalid _) {
            return NONE.labels();
        }
    }
}
