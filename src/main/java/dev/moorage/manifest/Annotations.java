package dev.moorage.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pairs of texts that a manifest says about itself (OCI image specification, "Annotations").
 *
 * <p>They are kept as they came: any character that JSON can express may occur, U+0000 and halves of surrogate pairs
 * included, so the map is for looking at and {@code json} is what is stored and served.
 *
 * @param values the pairs in the order in which they were written
 * @param json the JSON object as it was written
 */
public record Annotations(Map<String, String> values, String json) {

    /** No annotations at all. */
    public static final Annotations NONE = new Annotations(Map.of(), "{}");

    /** Keeps its own copy of the pairs, in their order. */
    public Annotations {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Whether there is no pair. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    static Annotations read(JsonValue value) {
        try (JsonParser parser = value.open()) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw Refusal.at(value.pointer(), "annotations are an object of texts");
            }
            Map<String, String> values = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw Refusal.at(value.pointer() + '/' + name, "the value of an annotation is a text");
                }
                values.put(name, parser.getText());
            }
            return new Annotations(values, value.raw());
        } catch (IOException e) {
            throw new UncheckedIOException("a value that the outline had read", e);
        }
    }
}
