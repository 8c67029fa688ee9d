package dev.moorage.lifecycle;

import dev.moorage.name.Digest;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the writers of a model run push: few blobs and manifests, so that the same digests meet again and again.
 *
 * <p>A part of it is common to all, a part is one writer's own, and its blobs go altogether when he has done with them.
 */
final class ModelContent {

    private static final int LAYERS = 7;
    private static final int IMAGES = 8;
    private static final int INDEXES = 3;
    private static final int ARTIFACTS = 3;

    private final Map<Digest, Content> blobs = new LinkedHashMap<>();
    private final Map<Digest, ModelManifest> manifests = new LinkedHashMap<>();

    private ModelContent() {}

    /**
     * A manifest and what it needs.
     *
     * @param blobs which have to be in the repository before it
     * @param children which have to be there as well
     * @param subject what it refers to, there or not
     */
    record ModelManifest(
            Digest digest, Content content, Set<Digest> blobs, Set<Digest> children, Optional<Digest> subject) {

        /** Keeps its own copies. */
        ModelManifest {
            blobs = Set.copyOf(blobs);
            children = Set.copyOf(children);
        }
    }

    /** What depends on nothing but the seed. */
    static ModelContent common(long seed) {
        ModelContent content = new ModelContent();
        content.fill(ImageFactory.seeded(seed), new Random(seed));
        return content;
    }

    /** The same, and what is one writer's own. */
    ModelContent and(long seed) {
        ModelContent content = new ModelContent();
        content.blobs.putAll(blobs);
        content.manifests.putAll(manifests);
        content.fill(ImageFactory.seeded(seed), new Random(seed));
        return content;
    }

    List<Digest> blobs() {
        return List.copyOf(blobs.keySet());
    }

    List<ModelManifest> manifests() {
        return List.copyOf(manifests.values());
    }

    byte[] bytes(Digest blob) {
        return blobs.get(blob).bytes();
    }

    ModelManifest manifest(Digest digest) {
        return manifests.get(digest);
    }

    private void fill(ImageFactory factory, Random random) {
        List<Content> layers = Stream.generate(() -> factory.blob(1 + random.nextInt(4000)))
                .limit(LAYERS)
                .toList();
        List<Content> configs = List.of(
                factory.json(ImageFactory.OCI_CONFIG, Map.of("architecture", "amd64", "os", "linux", "x", 1)),
                factory.json(ImageFactory.OCI_CONFIG, Map.of("author", Long.toString(random.nextLong()))),
                factory.content(ImageFactory.EMPTY, "{}".getBytes(StandardCharsets.UTF_8)));
        List<Content> images = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            images.add(image(factory, random, configs.get(i % configs.size()), layers, Map.of("i", i)));
        }
        List<Content> indexes = new ArrayList<>();
        for (int i = 0; i < INDEXES; i++) {
            List<Content> children = new ArrayList<>(some(random, images, 1 + random.nextInt(2)));
            // The last one has another index as a child.
            if (i == INDEXES - 1) {
                children.add(indexes.getFirst());
            }
            Content index = factory.index(children, Map.of());
            indexes.add(index);
            keep(index, List.of(), children, Optional.empty());
        }
        for (int i = 0; i < ARTIFACTS; i++) {
            Content subject = i == 0 ? indexes.getFirst() : images.get(i);
            Image artifact = factory.artifact(Optional.of("test/signature"), subject, Map.of());
            keep(artifact.manifest(), artifact.blobs(), List.of(), Optional.of(subject));
        }
    }

    private Content image(
            ImageFactory factory, Random random, Content config, List<Content> layers, Map<String, Object> name) {
        Image image = factory.assemble(
                ImageFactory.OCI_MANIFEST,
                config,
                some(random, layers, 1 + random.nextInt(3)),
                Map.of("annotations", Map.of("name", name + " " + random.nextLong())));
        keep(image.manifest(), image.blobs(), List.of(), Optional.empty());
        return image.manifest();
    }

    private static List<Content> some(Random random, List<Content> all, int number) {
        return random.ints(0, all.size())
                .distinct()
                .limit(number)
                .mapToObj(all::get)
                .toList();
    }

    private void keep(Content content, List<Content> needed, List<Content> children, Optional<Content> subject) {
        needed.forEach(blob -> blobs.put(RegistryHarness.digest(blob.digest()), blob));
        Digest digest = RegistryHarness.digest(content.digest());
        manifests.put(
                digest,
                new ModelManifest(
                        digest,
                        content,
                        digests(needed),
                        digests(children),
                        subject.map(one -> RegistryHarness.digest(one.digest()))));
    }

    private static Set<Digest> digests(List<Content> contents) {
        return contents.stream()
                .map(content -> RegistryHarness.digest(content.digest()))
                .collect(Collectors.toSet());
    }
}
