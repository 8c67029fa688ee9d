package dev.moorage.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Reads objects by the types of Kubernetes, and refuses whatever these do not have.
 *
 * <p>The types themselves keep a field that they do not know in a bag beside the others; here there is no bag. What was read
 * is written again, and must be what it was: so a value of the wrong type, which Jackson would bend, is refused too.
 */
final class StrictModel {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private static final ObjectMapper TYPED = JsonMapper.builder()
            .annotationIntrospector(new NoBags())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private StrictModel() {}

    /** A file or what is wrong with it. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /** The documents of a file, as trees. */
    static List<JsonNode> trees(Path file) throws IOException {
        List<JsonNode> found = new ArrayList<>();
        try (var reader = Files.newBufferedReader(file);
                var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(reader)) {
            while (documents.hasNext()) {
                found.add(documents.next());
            }
        }
        return List.copyOf(found);
    }

    /** The documents of a text, as trees. */
    static List<JsonNode> trees(String yaml) throws IOException {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return documents.readAll();
        }
    }

    /**
     * The object that a tree describes.
     *
     * @throws Refused with the path of what its type does not have
     */
    static HasMetadata read(JsonNode tree) {
        String apiVersion = tree.path("apiVersion").asText();
        String kind = tree.path("kind").asText();
        String name = kind + " " + tree.at("/metadata/name").asText();
        var type = Kinds.type(apiVersion, kind)
                .orElseThrow(() -> new Refused("%s: there is no kind %s in %s".formatted(name, kind, apiVersion)));
        try {
            HasMetadata object = TYPED.treeToValue(tree, type);
            compare(name, tree, TYPED.valueToTree(object));
            return object;
        } catch (JsonProcessingException e) {
            throw new Refused(name + ": " + e.getMessage());
        }
    }

    private static void compare(String path, JsonNode expected, JsonNode actual) {
        if (expected.isObject() && actual.isObject()) {
            for (Iterator<String> names = expected.fieldNames(); names.hasNext(); ) {
                String field = names.next();
                compare(path + "." + field, expected.get(field), actual.path(field));
            }
        } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                compare(path + "[" + i + "]", expected.get(i), actual.get(i));
            }
        } else if (!sameScalar(expected, actual)) {
            throw new Refused("%s: %s would be taken as %s".formatted(path, expected, actual));
        }
    }

    private static boolean sameScalar(JsonNode expected, JsonNode actual) {
        return (expected.isNumber() && actual.isNumber())
                ? expected.decimalValue().compareTo(actual.decimalValue()) == 0
                : expected.equals(actual);
    }

    private static final class NoBags extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }

        @Override
        public Boolean hasAnyGetter(Annotated annotated) {
            return false;
        }
    }
}
