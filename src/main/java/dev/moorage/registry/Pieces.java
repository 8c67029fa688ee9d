package dev.moorage.registry;

import dev.moorage.manifest.Child;
import dev.moorage.manifest.ImageConfig;
import dev.moorage.manifest.ImageConfig.Step;
import dev.moorage.manifest.ManifestNotes;
import dev.moorage.manifest.Platform;
import dev.moorage.name.Descriptor;
import dev.moorage.registry.Inspection.Entry;
import dev.moorage.registry.Inspection.LayerPiece;
import dev.moorage.registry.Inspection.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts together what a manifest and its configuration say of the same thing. */
final class Pieces {

    private static final String KIND = "vnd.docker.reference.type";
    private static final String ATTESTED = "vnd.docker.reference.digest";
    private static final String ATTESTATION = "attestation-manifest";

    private Pieces() {}

    static Piece of(Descriptor descriptor) {
        return new Piece(descriptor.digest().toString(), descriptor.mediaType().value(), descriptor.size());
    }

    /**
     * Layers with the steps that made them.
     *
     * <p>Nothing but their order says which step made which layer, so where their numbers differ none is said to have.
     */
    static List<LayerPiece> layers(List<Descriptor> layers, ManifestNotes notes, Optional<ImageConfig> config) {
        List<Step> steps = config.map(ImageConfig::history).orElse(List.of()).stream()
                .filter(step -> !step.empty())
                .toList();
        boolean fits = steps.size() == layers.size();
        List<LayerPiece> pieces = new ArrayList<>();
        for (Descriptor layer : layers) {
            int index = pieces.size();
            pieces.add(new LayerPiece(
                    layer.digest().toString(),
                    layer.mediaType().value(),
                    layer.size(),
                    fits ? Optional.of(steps.get(index)) : Optional.empty(),
                    notes.piece(index)));
        }
        return pieces;
    }

    static List<Entry> entries(List<Child> children, ManifestNotes notes) {
        List<Entry> entries = new ArrayList<>();
        for (Child child : children) {
            Descriptor descriptor = child.descriptor();
            Map<String, String> annotations = notes.piece(entries.size());
            Optional<String> attests = Optional.ofNullable(annotations.get(ATTESTED))
                    .filter(_ -> ATTESTATION.equals(annotations.get(KIND)));
            entries.add(new Entry(
                    descriptor.digest().toString(),
                    descriptor.mediaType().value(),
                    descriptor.size(),
                    child.platform().flatMap(Pieces::text).filter(_ -> attests.isEmpty()),
                    attests,
                    annotations));
        }
        return entries;
    }

    private static Optional<String> text(Platform platform) {
        return platform.os().flatMap(os -> platform.architecture()
                .map(architecture -> os
                        + '/'
                        + architecture
                        + platform.variant().map(variant -> '/' + variant).orElse("")));
    }
}
