package dev.moorage.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Makes blobs, images, indexes and artifacts; the same seed gives the same bytes. */
public final class ImageFactory {

    /** Media type of an OCI image manifest. */
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    /** Media type of an OCI image index. */
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    /** Media type of an OCI image's config. */
    public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
    /** Media type of an OCI layer. */
    public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
    /** Media type of a Docker schema 2 manifest. */
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    /** Media type of a Docker manifest list. */
    public static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    /** Media type of the empty config. */
    public static final String EMPTY = "application/vnd.oci.empty.v1+json";

    private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    // Sorted keys, or Map.of would give other bytes in each JVM.
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private final Random random;
    private final String algorithm;

    private ImageFactory(Random random, String algorithm) {
        this.random = random;
        this.algorithm = algorithm;
    }

    /** A factory whose bytes depend on nothing but the seed. */
    public static ImageFactory seeded(long seed) {
        return new ImageFactory(new Random(seed), "sha256");
    }

    /** A factory whose bytes nobody has pushed before. */
    public static ImageFactory fresh() {
        return seeded(System.nanoTime() ^ ProcessHandle.current().pid() << 48);
    }

    /** The same source of bytes with digests of another algorithm, {@code sha256} or {@code sha512}. */
    public ImageFactory with(String otherAlgorithm) {
        return new ImageFactory(random, otherAlgorithm);
    }

    /**
     * Some content and what is said about it in a descriptor.
     *
     * @param mediaType its media type
     * @param digest its digest
     * @param bytes the bytes themselves
     */
    @SuppressWarnings("ArrayRecordComponent") // the bytes are never compared by identity
    public record Content(String mediaType, String digest, byte[] bytes) {

        /** The descriptor of this content. */
        public Map<String, Object> descriptor() {
            Map<String, Object> descriptor = new LinkedHashMap<>();
            descriptor.put("mediaType", mediaType);
            descriptor.put("digest", digest);
            descriptor.put("size", bytes.length);
            return descriptor;
        }
    }

    /**
     * An image: its manifest and the blobs the manifest needs.
     *
     * @param manifest the manifest
     * @param blobs config first, then the layers
     */
    public record Image(Content manifest, List<Content> blobs) {

        /** The manifest's digest. */
        public String digest() {
            return manifest.digest();
        }
    }

    /** Random bytes. */
    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A blob of random bytes. */
    public Content blob(int length) {
        return content(OCI_LAYER, bytes(length));
    }

    /** Given bytes as content. */
    public Content content(String mediaType, byte[] bytes) {
        return new Content(mediaType, digest(algorithm, bytes), bytes);
    }

    /** Given JSON as content. */
    public Content json(String mediaType, Map<String, Object> fields) {
        try {
            return content(mediaType, JSON.writeValueAsBytes(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** An OCI image with two layers of some kilobytes. */
    public Image image() {
        return image(OCI_MANIFEST, OCI_CONFIG, OCI_LAYER, Map.of());
    }

    /** A Docker schema 2 image with two layers. */
    public Image dockerImage() {
        return image(DOCKER_MANIFEST, DOCKER_CONFIG, DOCKER_LAYER, Map.of());
    }

    /** An OCI image whose manifest has more fields, such as {@code subject} or {@code annotations}. */
    public Image image(Map<String, Object> more) {
        return image(OCI_MANIFEST, OCI_CONFIG, OCI_LAYER, more);
    }

    /** An artifact: the empty config, one layer, a type where given, and what it is about. */
    public Image artifact(Optional<String> artifactType, Content subject, Map<String, String> annotations) {
        Map<String, Object> more = new LinkedHashMap<>();
        artifactType.ifPresent(type -> more.put("artifactType", type));
        more.put("subject", subject.descriptor());
        if (!annotations.isEmpty()) {
            more.put("annotations", annotations);
        }
        Content config = content(EMPTY, "{}".getBytes(StandardCharsets.UTF_8));
        return assemble(OCI_MANIFEST, config, List.of(blob(300)), more);
    }

    /** An OCI index of manifests. */
    public Content index(List<Content> manifests, Map<String, Object> more) {
        return index(OCI_INDEX, manifests, more);
    }

    /** A Docker manifest list. */
    public Content dockerList(List<Content> manifests) {
        return index(DOCKER_LIST, manifests, Map.of());
    }

    private Content index(String mediaType, List<Content> manifests, Map<String, Object> more) {
        List<Map<String, Object>> descriptors = new ArrayList<>();
        for (Content manifest : manifests) {
            Map<String, Object> descriptor = manifest.descriptor();
            descriptor.put(
                    "platform", Map.of("os", "linux", "architecture", descriptors.isEmpty() ? "amd64" : "arm64"));
            descriptors.add(descriptor);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("schemaVersion", 2);
        fields.put("mediaType", mediaType);
        fields.put("manifests", descriptors);
        fields.putAll(more);
        return json(mediaType, fields);
    }

    private Image image(String manifestType, String configType, String layerType, Map<String, Object> more) {
        List<Content> layers =
                List.of(content(layerType, bytes(4000)), content(layerType, bytes(1 + random.nextInt(3000))));
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architecture", "amd64");
        config.put("os", "linux");
        config.put(
                "rootfs",
                Map.of(
                        "type",
                        "layers",
                        "diff_ids",
                        layers.stream().map(Content::digest).toList()));
        return assemble(manifestType, json(configType, config), layers, more);
    }

    /** A manifest of a config and layers, with more fields. */
    public Image assemble(String mediaType, Content config, List<Content> layers, Map<String, Object> more) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("schemaVersion", 2);
        fields.put("mediaType", mediaType);
        fields.put("config", config.descriptor());
        fields.put("layers", layers.stream().map(Content::descriptor).toList());
        fields.putAll(more);
        List<Content> blobs = new ArrayList<>();
        blobs.add(config);
        blobs.addAll(layers);
        return new Image(json(mediaType, fields), List.copyOf(blobs));
    }

    /** The sha256 digest of bytes. */
    public static String sha256(byte[] bytes) {
        return digest("sha256", bytes);
    }

    /** The sha512 digest of bytes. */
    public static String sha512(byte[] bytes) {
        return digest("sha512", bytes);
    }

    private static String digest(String algorithm, byte[] bytes) {
        return algorithm + ":"
                + HexFormat.of().formatHex(messageDigest(algorithm).digest(bytes));
    }

    /** An empty message digest of {@code sha256} or {@code sha512}. */
    public static MessageDigest messageDigest(String algorithm) {
        try {
            return MessageDigest.getInstance("sha512".equals(algorithm) ? "SHA-512" : "SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
