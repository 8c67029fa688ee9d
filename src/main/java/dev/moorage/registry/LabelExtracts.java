package dev.moorage.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What images are found by of their labels: each key, and each {@code key=value}, where they have at most
 * {@value #MAX_LENGTH} characters that PostgreSQL can keep; of the first {@value #MAX_LABELS} labels.
 */
final class LabelExtracts {

    static final int MAX_LENGTH = 255;
    static final int MAX_LABELS = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    private LabelExtracts() {}

    /** The extracts of labels, which are a JSON object of texts. */
    static List<String> of(String labels) {
        try {
            Map<String, String> pairs = JSON.readValue(labels, new TypeReference<>() {});
            return pairs.entrySet().stream()
                    .limit(MAX_LABELS)
                    .flatMap(pair -> Stream.of(pair.getKey(), pair.getKey() + '=' + pair.getValue()))
                    .filter(LabelExtracts::fits)
                    .distinct()
                    .toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("labels that were read as JSON are none", e);
        }
    }

    private static boolean fits(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && text.indexOf('\0') < 0
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
