package dev.moorage.http.ui;

import dev.moorage.manifest.ImageConfig;
import dev.moorage.registry.Inspection;
import dev.moorage.registry.Inspection.LayerPiece;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image, as its page shows it.
 *
 * @param image what is known of it
 * @param layers its layers, drawn
 * @param layerSize the bytes of all its layers
 * @param facts what is said of it
 */
record ImageParts(Inspection image, List<LayerRow> layers, long layerSize, ImageFactsShown facts) {

    /** Keeps its own copy. */
    ImageParts {
        layers = List.copyOf(layers);
    }

    static ImageParts of(Inspection image) {
        return new ImageParts(
                image,
                LayerRow.of(image.layers()),
                image.layers().stream().mapToLong(LayerPiece::size).sum(),
                ImageFactsShown.of(image.image().map(ImageConfig::labels).orElse(Map.of()), image.annotations()));
    }

    /** What it says of how it is made and run. */
    public Optional<ImageConfig> config() {
        return image.image();
    }

    /** What is said of the configuration where nothing of it is shown. */
    public Optional<String> unread() {
        return image.config()
                .map(config -> switch (config.state()) {
                    case READ -> "";
                    case TOO_LARGE -> "The configuration is longer than what is read of it.";
                    case ABSENT -> "The configuration is not there, or cannot be read now.";
                    case UNREADABLE -> "The configuration is not of the form that its type says.";
                })
                .filter(text -> !text.isEmpty());
    }

    /** How many layers are not drawn. */
    public int further() {
        return image.layers().size() - layers.size();
    }

    /** Whether there is a history that says nothing of the layers. */
    public boolean isUnmatched() {
        return config().filter(found -> !found.history().isEmpty()).isPresent()
                && image.layers().stream().allMatch(layer -> layer.step().isEmpty());
    }
}
