package dev.moorage.http.ui;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What labels and annotations say of an image, those with known names first (OCI image specification, "Annotations").
 *
 * @param known those of the specification, by what they mean
 * @param labels the other labels
 * @param annotations the other annotations of the manifest
 */
record ImageFactsShown(List<Fact> known, List<Fact> labels, List<Fact> annotations) {

    private static final Map<String, String> NAMES = names();

    /** Keeps its own copies. */
    ImageFactsShown {
        known = List.copyOf(known);
        labels = List.copyOf(labels);
        annotations = List.copyOf(annotations);
    }

    /** Where both say something under a known name, the annotation counts. */
    static ImageFactsShown of(Map<String, String> labels, Map<String, String> annotations) {
        List<Fact> known = new ArrayList<>();
        NAMES.forEach((key, name) -> Optional.ofNullable(annotations.get(key))
                .or(() -> Optional.ofNullable(labels.get(key)))
                .filter(value -> !value.isBlank())
                .ifPresent(value -> known.add(Fact.of(name, value))));
        return new ImageFactsShown(known, others(labels), others(annotations));
    }

    private static List<Fact> others(Map<String, String> pairs) {
        return pairs.entrySet().stream()
                .filter(pair -> !NAMES.containsKey(pair.getKey()))
                .map(pair -> Fact.of(pair.getKey(), pair.getValue()))
                .toList();
    }

    private static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        String prefix = "org.opencontainers.image.";
        names.put(prefix + "title", "Title");
        names.put(prefix + "description", "Description");
        names.put(prefix + "version", "Version");
        names.put(prefix + "licenses", "Licences");
        names.put(prefix + "source", "Source");
        names.put(prefix + "revision", "Revision");
        names.put(prefix + "url", "Address");
        names.put(prefix + "documentation", "Documentation");
        names.put(prefix + "authors", "Authors");
        names.put(prefix + "vendor", "Vendor");
        names.put(prefix + "created", "Made");
        names.put(prefix + "ref.name", "Reference");
        names.put(prefix + "base.name", "Base image");
        names.put(prefix + "base.digest", "Digest of the base image");
        return names;
    }
}
