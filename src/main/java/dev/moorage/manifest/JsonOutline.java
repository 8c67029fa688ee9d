package dev.moorage.manifest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.moorage.error.RegistryException.ManifestInvalid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The outermost members of a JSON object, after every byte of it was looked at.
 *
 * <p>The whole text is walked once without building anything: strict UTF-8, no byte order mark, no name twice in one
 * object at any depth, bounded nesting, nothing but white space behind the object. Two readers can then not understand
 * it differently.
 */
final class JsonOutline {

    private final int maxDepth;
    private final Set<String> wanted;
    private final char[] source;
    private final Map<String, JsonValue> members = new HashMap<>();

    private JsonOutline(char[] source, int maxDepth, Set<String> wanted) {
        this.source = source;
        this.maxDepth = maxDepth;
        this.wanted = wanted;
    }

    /**
     * Walks a JSON text and remembers where the wanted members lie.
     *
     * @throws ManifestInvalid where the text is not one JSON object by the rules of this class
     */
    static JsonOutline of(byte[] bytes, int maxDepth, Set<String> wanted) {
        char[] source = decode(bytes);
        JsonOutline outline = new JsonOutline(source, maxDepth, wanted);
        outline.walk(0, source.length);
        return outline;
    }

    /** The wanted members of an object inside a text that was walked; empty where the value is no object. */
    static Optional<JsonOutline> of(JsonValue value, Set<String> wanted) {
        char[] source = value.raw().toCharArray();
        if (source[0] != '{') {
            return Optional.empty();
        }
        JsonOutline outline = new JsonOutline(source, Integer.MAX_VALUE, wanted);
        outline.walk(0, source.length);
        return Optional.of(outline);
    }

    /** A wanted member; empty where it is absent or null, which mean the same to the clients that write them. */
    Optional<JsonValue> member(String name) {
        return Optional.ofNullable(members.get(name)).filter(value -> !value.isNull());
    }

    /** Whether a wanted member is there, be it null. */
    boolean has(String name) {
        return members.containsKey(name);
    }

    private static char[] decode(byte[] bytes) {
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            throw Refusal.at("", "the manifest begins with a byte order mark");
        }
        try {
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            char[] source = new char[decoded.remaining()];
            decoded.get(source);
            return source;
        } catch (CharacterCodingException _) {
            throw Refusal.at("", "the manifest is not valid UTF-8");
        }
    }

    private void walk(int start, int end) {
        try (JsonParser parser = JsonValue.parser(source, start, end)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw Refusal.at("", "the manifest is empty");
            }
            if (first != JsonToken.START_OBJECT) {
                throw Refusal.at("", "the manifest is not a JSON object");
            }
            object(parser, 1);
            if (parser.nextToken() != null) {
                throw Refusal.at("", "something follows the manifest's last brace");
            }
        } catch (JacksonException e) {
            JsonLocation location = e.getLocation();
            throw location == null
                    ? Refusal.at("", "the manifest is not valid JSON")
                    : Refusal.ofSyntax(location.getLineNr(), location.getColumnNr());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private void object(JsonParser parser, int depth) throws IOException {
        Set<String> names = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (!names.add(name)) {
                throw Refusal.at(place(parser), "a name occurs twice in one object");
            }
            parser.nextToken();
            if (depth == 1 && wanted.contains(name)) {
                remember(parser, name);
            } else {
                value(parser, depth);
            }
        }
    }

    private void remember(JsonParser parser, String name) throws IOException {
        long start = parser.currentTokenLocation().getCharOffset();
        value(parser, 1);
        // A string is read lazily: only when it is finished does the parser stand behind it.
        parser.finishToken();
        long end = parser.currentLocation().getCharOffset();
        members.put(name, new JsonValue('/' + name, source, (int) start, (int) end));
    }

    private void value(JsonParser parser, int depth) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null || !token.isStructStart()) {
            return;
        }
        if (depth >= maxDepth) {
            throw Refusal.at(place(parser), "the manifest is nested deeper than " + maxDepth + " levels");
        }
        if (token == JsonToken.START_OBJECT) {
            object(parser, depth + 1);
        } else {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                value(parser, depth + 1);
            }
        }
    }

    private static String place(JsonParser parser) {
        return parser.getParsingContext().pathAsPointer().toString();
    }
}
