package dev.moorage.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.error.RegistryException.ManifestInvalid;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Manifests written out by hand, and what becomes of them. */
final class ManifestText {

    static final Digest CONFIG = digest("config");
    static final Digest LAYER = digest("layer");
    static final String OCI = MediaType.OCI_MANIFEST.value();
    static final String INDEX = MediaType.OCI_INDEX.value();

    private ManifestText() {}

    static Digest digest(String content) {
        return Digest.ofBytes(Digest.Algorithm.SHA256, content.getBytes(StandardCharsets.UTF_8));
    }

    static String descriptor(String mediaType, Digest digest, String size) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + digest + "\",\"size\":" + size + "}";
    }

    static String config() {
        return descriptor(MediaType.OCI_CONFIG.value(), CONFIG, "6");
    }

    static String layer(String size) {
        return descriptor("application/vnd.oci.image.layer.v1.tar+gzip", LAYER, size);
    }

    /** An OCI image manifest with one layer, and further members in front of the last brace. */
    static String image(String further) {
        return imageOf(layer("5"), further);
    }

    static String imageOf(String layers, String further) {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + OCI + "\",\"config\":" + config() + ",\"layers\":[" + layers
                + "]" + further + "}";
    }

    static String index(String manifests, String further) {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[" + manifests + "]" + further + "}";
    }

    static Manifest parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8), Optional.empty());
    }

    static Manifest parse(byte[] bytes, Optional<MediaType> contentType) {
        return Manifest.parse(bytes, contentType, ManifestLimits.STANDARD);
    }

    static void assertRefused(String text, String pointer, String reason) {
        assertRefused(text.getBytes(StandardCharsets.UTF_8), Optional.empty(), pointer, reason);
    }

    static void assertRefused(byte[] bytes, Optional<MediaType> contentType, String pointer, String reason) {
        assertThat(refusal(bytes, contentType).detail())
                .containsEntry("pointer", pointer)
                .hasEntrySatisfying(
                        "reason", said -> assertThat(said.toString()).contains(reason));
    }

    static ManifestInvalid refusal(byte[] bytes, Optional<MediaType> contentType) {
        ManifestInvalid refusal = catchThrowableOfType(ManifestInvalid.class, () -> parse(bytes, contentType));
        assertThat(refusal).as("the manifest should be refused").isNotNull();
        return refusal;
    }
}
