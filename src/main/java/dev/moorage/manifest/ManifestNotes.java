package dev.moorage.manifest;

import com.fasterxml.jackson.core.JsonParser;
import dev.moorage.manifest.LooseJson.Bound;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a manifest says to people: its annotations and those of what it lists, fit to be shown; of each the first {@value
 * #MOST}.
 *
 * @param own the manifest's own
 * @param pieces those of its layers, manifests or blobs, in their order
 */
public record ManifestNotes(Map<String, String> own, List<Map<String, String>> pieces) {

    private static final int MOST = 1000;

    /** Keeps its own copies. */
    public ManifestNotes {
        own = Collections.unmodifiableMap(new LinkedHashMap<>(own));
        pieces = List.copyOf(pieces);
    }

    /** Reads a manifest that was accepted once; there is nothing where it cannot be read. */
    public static ManifestNotes read(byte[] manifest) {
        Map<String, String> own = new LinkedHashMap<>();
        List<Map<String, String>> pieces = new ArrayList<>();
        boolean read = ConfigReader.anyLength(
                manifest,
                parser -> LooseJson.object(parser, (name, value) -> {
                    switch (name) {
                        case "annotations" -> own.putAll(LooseJson.scalars(value, new Bound(MOST)));
                        case "layers", "manifests", "blobs" ->
                            LooseJson.array(value, piece -> pieces.add(annotations(piece)));
                        default -> value.skipChildren();
                    }
                }));
        return read ? new ManifestNotes(own, pieces) : new ManifestNotes(Map.of(), List.of());
    }

    /** What is said of a piece; nothing where it has no such place. */
    public Map<String, String> piece(int index) {
        return index < pieces.size() ? pieces.get(index) : Map.of();
    }

    private static Map<String, String> annotations(JsonParser piece) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        LooseJson.object(piece, (name, value) -> {
            if (name.equals("annotations")) {
                found.putAll(LooseJson.scalars(value, new Bound(MOST)));
            } else {
                value.skipChildren();
            }
        });
        return found;
    }
}
