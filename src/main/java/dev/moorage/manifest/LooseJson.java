package dev.moorage.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what fits out of strangers' JSON and passes over the rest, however it is nested; nothing is refused.
 *
 * <p>Each method begins with the parser on the first token of a value and ends with it on the last one. Texts are made fit
 * to be written into any answer, see {@link PlainText#shown}.
 */
final class LooseJson {

    private LooseJson() {}

    /** What is done with a member of an object: reads its value, or passes over it. */
    @FunctionalInterface
    interface Members {
        void member(String name, JsonParser parser) throws IOException;
    }

    /** Goes through the members of an object; whatever else the value is, it is passed over. */
    static void object(JsonParser parser, Members members) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            members.member(name, parser);
        }
    }

    /** What is done with an element of an array. */
    @FunctionalInterface
    interface Elements {
        void element(JsonParser parser) throws IOException;
    }

    /** Goes through the elements of an array; whatever else the value is, it is passed over. */
    static void array(JsonParser parser, Elements elements) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.element(parser);
        }
    }

    /** A text that is not empty. */
    static Optional<String> text(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return Optional.of(PlainText.shown(parser.getText())).filter(text -> !text.isEmpty());
        }
        parser.skipChildren();
        return Optional.empty();
    }

    /** The texts of an array, of which others than texts are left out; one text alone is a list of one. */
    static List<String> texts(JsonParser parser, Bound bound) throws IOException {
        List<String> texts = new ArrayList<>();
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            texts.add(PlainText.shown(parser.getText()));
            return texts;
        }
        array(parser, element -> {
            if (element.currentToken() == JsonToken.VALUE_STRING && bound.hasRoom(texts.size())) {
                texts.add(PlainText.shown(element.getText()));
            }
            element.skipChildren();
        });
        return texts;
    }

    /** The names of an object's members. */
    static List<String> names(JsonParser parser, Bound bound) throws IOException {
        List<String> names = new ArrayList<>();
        object(parser, (name, value) -> {
            if (bound.hasRoom(names.size())) {
                names.add(PlainText.shown(name));
            }
            value.skipChildren();
        });
        return names;
    }

    /** The members of an object that are texts, numbers, or true or false, in their order. */
    static Map<String, String> scalars(JsonParser parser, Bound bound) throws IOException {
        Map<String, String> scalars = new LinkedHashMap<>();
        object(parser, (name, value) -> {
            JsonToken token = value.currentToken();
            if (token.isScalarValue() && token != JsonToken.VALUE_NULL && bound.hasRoom(scalars.size())) {
                scalars.put(PlainText.shown(name), PlainText.shown(value.getText()));
            }
            value.skipChildren();
        });
        return scalars;
    }

    /** How much is kept of one list; remembers whether something was left out. */
    static final class Bound {
        private final int most;
        private boolean reached;

        Bound(int most) {
            this.most = most;
        }

        boolean hasRoom(int size) {
            reached |= size >= most;
            return size < most;
        }

        boolean isReached() {
            return reached;
        }
    }
}
