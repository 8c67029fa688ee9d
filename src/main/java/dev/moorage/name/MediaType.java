package dev.moorage.name;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A media type without its parameters, at most 255 characters (RFC 6838, section 4.2).
 *
 * @param value {@code type/subtype}, as it was written
 */
public record MediaType(String value) {

    /** The longest media type, in characters. */
    public static final int MAX_LENGTH = 255;

    // Above the constants: their constructor needs it while the class is initialised.
    private static final Pattern FORM =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*");

    public static final MediaType OCI_MANIFEST = new MediaType("application/vnd.oci.image.manifest.v1+json");
    public static final MediaType OCI_INDEX = new MediaType("application/vnd.oci.image.index.v1+json");
    public static final MediaType OCI_ARTIFACT = new MediaType("application/vnd.oci.artifact.manifest.v1+json");
    public static final MediaType OCI_CONFIG = new MediaType("application/vnd.oci.image.config.v1+json");
    public static final MediaType OCI_EMPTY = new MediaType("application/vnd.oci.empty.v1+json");
    public static final MediaType DOCKER_MANIFEST =
            new MediaType("application/vnd.docker.distribution.manifest.v2+json");
    public static final MediaType DOCKER_MANIFEST_LIST =
            new MediaType("application/vnd.docker.distribution.manifest.list.v2+json");
    public static final MediaType DOCKER_CONFIG = new MediaType("application/vnd.docker.container.image.v1+json");

    /** Refuses a text that is no media type. */
    public MediaType {
        if (!isMediaType(value)) {
            throw new IllegalArgumentException("not a media type");
        }
    }

    /** Reads a media type that has no parameters; empty where the text is none. */
    public static Optional<MediaType> parse(String text) {
        return isMediaType(text) ? Optional.of(new MediaType(text)) : Optional.empty();
    }

    /** Reads a Content-Type header and drops its parameters; empty where no media type is left. */
    public static Optional<MediaType> parseHeader(String header) {
        int semicolon = header.indexOf(';');
        String essence = semicolon < 0 ? header : header.substring(0, semicolon);
        // Checked before it is folded: folding makes an ASCII letter of one or two others.
        return parse(essence.strip()).map(type -> new MediaType(type.value.toLowerCase(Locale.ROOT)));
    }

    private static boolean isMediaType(String text) {
        return text.length() <= MAX_LENGTH && FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
