package dev.moorage.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.moorage.manifest.ImageConfig.Run;
import dev.moorage.manifest.ImageConfig.Step;
import dev.moorage.manifest.LooseJson.Bound;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads configurations of images and of other artifacts, whatever is in them. */
final class ConfigReader {

    private final Bound bound = new Bound(ImageConfig.MOST);
    private final Map<String, String> texts = new HashMap<>();
    private final List<Step> history = new ArrayList<>();
    private Map<String, String> labels = Map.of();
    private Run run = Run.NOTHING;

    private ConfigReader() {}

    static Optional<ImageConfig> image(byte[] json) {
        ConfigReader reader = new ConfigReader();
        return whole(json, reader::read) ? Optional.of(reader.config()) : Optional.empty();
    }

    /** What the configuration of another artifact says on its outermost level; empty where it is no JSON object. */
    static Map<String, String> scalars(byte[] json) {
        List<Map<String, String>> found = new ArrayList<>();
        Bound most = new Bound(ImageConfig.MOST);
        boolean read = whole(json, parser -> found.add(LooseJson.scalars(parser, most)));
        return read ? found.getFirst() : Map.of();
    }

    /** Reads one JSON object, which nothing follows; false where the bytes are something else. */
    static boolean whole(byte[] json, LooseJson.Elements reading) {
        if (json.length > ConfigFacts.MAX_BYTES) {
            return false;
        }
        return anyLength(json, reading);
    }

    static boolean anyLength(byte[] json, LooseJson.Elements reading) {
        try (JsonParser parser = JsonValue.parser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            reading.element(parser);
            return parser.nextToken() == null;
        } catch (IOException _) {
            return false;
        }
    }

    private void read(JsonParser parser) throws IOException {
        LooseJson.object(parser, (name, value) -> {
            switch (name) {
                case "config" -> run(value);
                case "history" -> LooseJson.array(value, this::step);
                default -> keep(name, value);
            }
        });
    }

    private void keep(String name, JsonParser value) throws IOException {
        switch (name) {
            case "created", "author", "os", "architecture", "variant", "os.version" ->
                LooseJson.text(value).ifPresent(text -> texts.put(name, text));
            default -> value.skipChildren();
        }
    }

    private ImageConfig config() {
        return new ImageConfig(
                text("created").flatMap(ConfigReader::instant),
                text("author"),
                text("os"),
                text("architecture"),
                text("variant"),
                text("os.version"),
                run,
                labels,
                history,
                bound.isReached());
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(texts.get(name));
    }

    private void run(JsonParser parser) throws IOException {
        Map<String, String> named = new HashMap<>();
        Map<String, List<String>> lists = new HashMap<>();
        LooseJson.object(parser, (name, value) -> {
            switch (name) {
                case "User", "WorkingDir", "StopSignal" ->
                    LooseJson.text(value).ifPresent(text -> named.put(name, text));
                case "Entrypoint", "Cmd", "Env" -> lists.put(name, LooseJson.texts(value, bound));
                case "ExposedPorts", "Volumes" -> lists.put(name, LooseJson.names(value, bound));
                case "Labels" -> labels = LooseJson.scalars(value, bound);
                default -> value.skipChildren();
            }
        });
        run = new Run(
                Optional.ofNullable(named.get("User")),
                Optional.ofNullable(named.get("WorkingDir")),
                lists.getOrDefault("Entrypoint", List.of()),
                lists.getOrDefault("Cmd", List.of()),
                lists.getOrDefault("Env", List.of()),
                lists.getOrDefault("ExposedPorts", List.of()),
                lists.getOrDefault("Volumes", List.of()),
                Optional.ofNullable(named.get("StopSignal")));
    }

    private void step(JsonParser parser) throws IOException {
        Map<String, String> said = new HashMap<>();
        boolean[] empty = new boolean[1];
        LooseJson.object(parser, (name, value) -> {
            switch (name) {
                case "created", "created_by", "comment" ->
                    LooseJson.text(value).ifPresent(text -> said.put(name, text));
                case "empty_layer" -> {
                    empty[0] = value.currentToken() == JsonToken.VALUE_TRUE;
                    value.skipChildren();
                }
                default -> value.skipChildren();
            }
        });
        if (bound.hasRoom(history.size())) {
            history.add(new Step(
                    Optional.ofNullable(said.get("created_by")),
                    Optional.ofNullable(said.get("comment")),
                    Optional.ofNullable(said.get("created")).flatMap(ConfigReader::instant),
                    empty[0]));
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
