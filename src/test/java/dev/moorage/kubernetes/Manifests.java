package dev.moorage.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/** The files of {@code k8s/} as they stand in the tree, before kustomize puts them together. */
final class Manifests {

    static final Path ROOT = Path.of("k8s");
    static final Path BASE = ROOT.resolve("base");
    static final Path OVERLAYS = ROOT.resolve("overlays");

    private static final String KUSTOMIZATION = "kustomization.yaml";

    private Manifests() {}

    /** Every file below a folder whose name ends so. */
    static List<Path> files(Path folder, String ending) {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every file with objects, or with what is laid over one. */
    static List<Path> objects() {
        return files(ROOT, ".yaml").stream()
                .filter(file -> !file.endsWith(KUSTOMIZATION))
                .toList();
    }

    static List<Path> kustomizations() {
        return files(ROOT, KUSTOMIZATION);
    }

    /** The objects of the base, with the namespace that kustomize gives them. */
    static List<JsonNode> base(List<JsonNode> trees) {
        return trees.stream()
                .map(JsonNode::<JsonNode>deepCopy)
                .map(Manifests::inNamespace)
                .toList();
    }

    /** What the base takes for granted: kustomize makes both. */
    static Set<String> generated() {
        return Set.of("moorage-settings", "moorage-secrets");
    }

    private static JsonNode inNamespace(JsonNode tree) {
        if (!tree.path("kind").asText().equals("Namespace")) {
            ((ObjectNode) tree.path("metadata")).put("namespace", "moorage");
        }
        return tree;
    }

    /** A file of {@code NAME=value} lines. */
    static Properties variables(Path file) {
        var found = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            found.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
