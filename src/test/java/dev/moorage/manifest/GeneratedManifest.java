package dev.moorage.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.moorage.name.Descriptor;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A manifest beside the text that says it.
 *
 * @param manifest what the text says
 * @param json the manifest as JSON, its members in any order, unknown ones among them
 */
record GeneratedManifest(Manifest manifest, String json) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    byte[] bytes() {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    static Arbitrary<GeneratedManifest> any() {
        return Combinators.combine(
                        Arbitraries.oneOf(images(), indexes(), artifacts()),
                        Arbitraries.randomValue(random -> random.nextLong()))
                .as((manifest, seed) -> new GeneratedManifest(manifest, json(manifest, new Random(seed))));
    }

    private static Arbitrary<Manifest> images() {
        return Combinators.combine(
                        Arbitraries.of(MediaType.OCI_MANIFEST, MediaType.DOCKER_MANIFEST),
                        descriptors(),
                        layers().list().ofMaxSize(8),
                        descriptors().optional(),
                        artifactTypes(),
                        annotations())
                .as(ImageManifest::new);
    }

    private static Arbitrary<Manifest> indexes() {
        Arbitrary<Child> children =
                Combinators.combine(descriptors(), platforms().optional()).as(Child::new);
        return Combinators.combine(
                        Arbitraries.of(MediaType.OCI_INDEX, MediaType.DOCKER_MANIFEST_LIST),
                        children.list().ofMaxSize(8),
                        descriptors().optional(),
                        artifactTypes(),
                        annotations())
                .as(Index::new);
    }

    private static Arbitrary<Manifest> artifacts() {
        return Combinators.combine(
                        descriptors().list().ofMaxSize(8), descriptors().optional(), artifactTypes(), annotations())
                .as(ArtifactManifest::new);
    }

    private static Arbitrary<Layer> layers() {
        return Combinators.combine(descriptors(), texts().list().ofMaxSize(2)).as(Layer::new);
    }

    /** The size belongs to the digest: one digest has one size. */
    private static Arbitrary<Descriptor> descriptors() {
        return Combinators.combine(
                        mediaTypes(),
                        Arbitraries.of(Digest.Algorithm.values()),
                        Arbitraries.of(0L, 1L, 7L, 4096L, 1L << 33, Long.MAX_VALUE - 1, Long.MAX_VALUE))
                .as((type, algorithm, size) -> new Descriptor(
                        type, Digest.ofBytes(algorithm, Long.toString(size).getBytes(StandardCharsets.UTF_8)), size));
    }

    private static Arbitrary<MediaType> mediaTypes() {
        Arbitrary<MediaType> known = Arbitraries.of(
                MediaType.OCI_MANIFEST,
                MediaType.OCI_INDEX,
                MediaType.OCI_CONFIG,
                MediaType.DOCKER_MANIFEST,
                MediaType.OCI_EMPTY,
                new MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar"));
        Arbitrary<String> words = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .withChars("0123456789")
                .ofMinLength(1)
                .ofMaxLength(20);
        return Arbitraries.oneOf(
                known, Combinators.combine(words, words).as((type, subtype) -> new MediaType(type + '/' + subtype)));
    }

    private static Arbitrary<Optional<String>> artifactTypes() {
        return mediaTypes().map(MediaType::value).optional();
    }

    private static Arbitrary<Platform> platforms() {
        Arbitrary<Optional<String>> words = Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMinLength(1)
                .ofMaxLength(10)
                .optional();
        return Combinators.combine(words, words, words, words).as(Platform::new);
    }

    private static Arbitrary<Annotations> annotations() {
        return Arbitraries.maps(texts(), texts())
                .ofMaxSize(4)
                .map(values -> values.isEmpty() ? Annotations.NONE : new Annotations(values, write(values)));
    }

    /** A lone half of a surrogate pair has no bytes; as an escape it is tried elsewhere. */
    private static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .ofMaxLength(12)
                .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }

    private static String json(Manifest manifest, Random random) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("schemaVersion", 2);
        node.put("mediaType", manifest.mediaType().value());
        node.putObject("org.example.custom").putArray("sizes").add(-1).add("x").addNull();
        manifest.subject().ifPresent(subject -> node.set("subject", descriptor(subject)));
        if (!manifest.annotations().isEmpty()) {
            node.set("annotations", read(manifest.annotations().json()));
        }
        switch (manifest) {
            case ImageManifest image -> {
                image.declaredArtifactType().ifPresent(type -> node.put("artifactType", type));
                node.set("config", descriptor(image.config()));
                ArrayNode layers = node.putArray("layers");
                image.layers().forEach(layer -> layers.add(layer(layer)));
            }
            case Index index -> {
                index.artifactType().ifPresent(type -> node.put("artifactType", type));
                ArrayNode manifests = node.putArray("manifests");
                index.manifests().forEach(child -> manifests.add(child(child)));
            }
            case ArtifactManifest artifact -> {
                artifact.artifactType().ifPresent(type -> node.put("artifactType", type));
                ArrayNode blobs = node.putArray("blobs");
                artifact.blobs().forEach(blob -> blobs.add(descriptor(blob)));
            }
        }
        return write(shuffled(node, random));
    }

    private static ObjectNode descriptor(Descriptor descriptor) {
        return MAPPER.createObjectNode()
                .put("mediaType", descriptor.mediaType().value())
                .put("digest", descriptor.digest().toString())
                .put("size", descriptor.size());
    }

    private static ObjectNode layer(Layer layer) {
        ObjectNode node = descriptor(layer.descriptor());
        if (!layer.urls().isEmpty()) {
            ArrayNode urls = node.putArray("urls");
            layer.urls().forEach(urls::add);
        }
        return node;
    }

    private static ObjectNode child(Child child) {
        ObjectNode node = descriptor(child.descriptor());
        child.platform().ifPresent(platform -> {
            ObjectNode on = node.putObject("platform");
            platform.os().ifPresent(os -> on.put("os", os));
            platform.architecture().ifPresent(architecture -> on.put("architecture", architecture));
            platform.variant().ifPresent(variant -> on.put("variant", variant));
            platform.osVersion().ifPresent(version -> on.put("os.version", version));
        });
        return node;
    }

    private static ObjectNode shuffled(ObjectNode node, Random random) {
        List<Map.Entry<String, JsonNode>> members = new ArrayList<>(node.properties());
        Collections.shuffle(members, random);
        ObjectNode shuffled = MAPPER.createObjectNode();
        members.forEach(member -> shuffled.set(member.getKey(), member.getValue()));
        return shuffled;
    }

    private static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
