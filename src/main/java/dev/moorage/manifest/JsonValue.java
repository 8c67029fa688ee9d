package dev.moorage.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** One value inside a JSON text that an {@link JsonOutline} has found to be well-formed, not yet read. */
final class JsonValue {

    // Names are neither interned nor shared: a stranger's names must not stay behind in a table of the program. Lengths
    // are bounded by the length of the text, depth by the outline.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final String pointer;
    private final char[] source;
    private final int start;
    private final int end;

    JsonValue(String pointer, char[] source, int start, int end) {
        this.pointer = pointer;
        this.source = source;
        this.start = start;
        this.end = end;
    }

    static JsonParser parser(char[] source, int start, int end) throws IOException {
        return JSON.createParser(source, start, end - start);
    }

    static JsonParser parser(byte[] json) throws IOException {
        return JSON.createParser(json);
    }

    /** Where the value lies in its document (RFC 6901). */
    String pointer() {
        return pointer;
    }

    /** The value as it was written, without the white space around it. */
    String raw() {
        return new String(source, start, end - start);
    }

    boolean isNull() {
        return token() == JsonToken.VALUE_NULL;
    }

    /** The text of a string; empty for every other value. */
    Optional<String> string() {
        return scalar(JsonToken.VALUE_STRING);
    }

    /** The digits of a number that has neither a fraction nor an exponent; empty for every other value. */
    Optional<String> integer() {
        return scalar(JsonToken.VALUE_NUMBER_INT);
    }

    /** A parser that stands on the first token. */
    JsonParser open() {
        try {
            JsonParser parser = parser(source, start, end);
            parser.nextToken();
            return parser;
        } catch (IOException e) {
            throw new UncheckedIOException("a value that the outline had read", e);
        }
    }

    private JsonToken token() {
        try (JsonParser parser = open()) {
            return parser.currentToken();
        } catch (IOException e) {
            throw new UncheckedIOException("a value that the outline had read", e);
        }
    }

    private Optional<String> scalar(JsonToken kind) {
        try (JsonParser parser = open()) {
            return parser.currentToken() == kind ? Optional.of(parser.getText()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("a value that the outline had read", e);
        }
    }
}
