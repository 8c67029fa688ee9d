package dev.moorage.http.v2;

import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.DigestInvalid;
import dev.moorage.error.RegistryException.ManifestInvalid;
import dev.moorage.error.RegistryException.ManifestUnknown;
import dev.moorage.name.Digest;
import dev.moorage.name.Reference;
import dev.moorage.name.Tag;
import java.util.Map;
import java.util.function.Function;

/** Reads what paths and parameters name; the refusals name what was wrong. */
final class References {

    private static final String FORM = "a digest is sha256: and 64, or sha512: and 128, lower-case hexadecimal digits";

    private References() {}

    /** A digest, or 400. */
    static Digest digest(String text) {
        return Digest.parse(text).orElseThrow(() -> new DigestInvalid(FORM, text));
    }

    /** A reference that is to be read: a text that can be no tag names nothing, 404. */
    static Reference toRead(String text) {
        return parse(text, ManifestUnknown::new);
    }

    /** A reference that is to be written: a text that can be no tag is refused, 400. */
    static Reference toWrite(String text) {
        return parse(text, References::notATag);
    }

    /** A tag that is to be written. */
    static Tag tagToWrite(String text) {
        return Tag.parse(text).orElseThrow(() -> notATag(text));
    }

    private static Reference parse(String text, Function<String, RegistryException> otherwise) {
        if (Reference.looksLikeDigest(text)) {
            return digest(text);
        }
        return Reference.parse(text).orElseThrow(() -> otherwise.apply(text));
    }

    private static RegistryException notATag(String text) {
        return new ManifestInvalid(
                "a tag has 1 to " + Tag.MAX_LENGTH + " letters, digits, underscores, dots and hyphens",
                Map.of("reference", text));
    }
}
