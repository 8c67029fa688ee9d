package dev.moorage.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.moorage.name.Descriptor;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads the descriptors of one manifest and counts them (OCI image specification, "Content Descriptors"). */
final class DescriptorReader {

    /** A descriptor with the members that only some of its places use. */
    record Found(Descriptor descriptor, List<String> urls, Optional<Platform> platform) {}

    private final int most;
    private int count;

    DescriptorReader(int most) {
        this.most = most;
    }

    /** Reads a value that is one descriptor. */
    Found one(JsonValue value) {
        try (JsonParser parser = value.open()) {
            return descriptor(parser, value.pointer());
        } catch (IOException e) {
            throw new UncheckedIOException("a value that the outline had read", e);
        }
    }

    /** Reads a value that is an array of descriptors. */
    List<Found> list(JsonValue value) {
        try (JsonParser parser = value.open()) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw Refusal.at(value.pointer(), "an array of descriptors is expected");
            }
            List<Found> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(descriptor(parser, value.pointer() + '/' + list.size()));
            }
            return list;
        } catch (IOException e) {
            throw new UncheckedIOException("a value that the outline had read", e);
        }
    }

    private Found descriptor(JsonParser parser, String pointer) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Refusal.at(pointer, "a descriptor is an object");
        }
        count++;
        if (count > most) {
            throw Refusal.at(pointer, "a manifest holds at most " + most + " descriptors");
        }
        Draft draft = new Draft(pointer);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            draft.member(name, parser);
        }
        return draft.finish();
    }

    /** What was read of a descriptor so far. */
    private static final class Draft {
        private final String pointer;
        private Optional<MediaType> mediaType = Optional.empty();
        private Optional<Digest> digest = Optional.empty();
        private Optional<Long> size = Optional.empty();
        private Optional<String> data = Optional.empty();
        private Optional<Platform> platform = Optional.empty();
        private List<String> urls = List.of();

        Draft(String pointer) {
            this.pointer = pointer;
        }

        void member(String name, JsonParser parser) throws IOException {
            boolean isNull = parser.currentToken() == JsonToken.VALUE_NULL;
            switch (name) {
                case "mediaType" -> mediaType = Optional.of(mediaType(parser));
                case "digest" -> digest = Optional.of(digest(parser));
                case "size" -> size = Optional.of(size(parser));
                case "data" -> data = isNull ? Optional.empty() : Optional.of(text(parser, "/data"));
                case "urls" -> urls = isNull ? List.of() : urls(parser);
                case "platform" -> platform = isNull ? Optional.empty() : Optional.of(platform(parser));
                default -> parser.skipChildren();
            }
        }

        Found finish() {
            Descriptor descriptor = new Descriptor(
                    mediaType.orElseThrow(() -> Refusal.at(pointer, "a descriptor has a mediaType")),
                    digest.orElseThrow(() -> Refusal.at(pointer, "a descriptor has a digest")),
                    size.orElseThrow(() -> Refusal.at(pointer, "a descriptor has a size")));
            data.ifPresent(text -> checkData(text, descriptor));
            return new Found(descriptor, urls, platform);
        }

        private MediaType mediaType(JsonParser parser) throws IOException {
            String text = text(parser, "/mediaType");
            return essence(text)
                    .orElseThrow(() -> Refusal.at(
                            pointer + "/mediaType",
                            "not a media type of at most " + MediaType.MAX_LENGTH + " characters",
                            text));
        }

        /** Some clients write parameters, a version for example; what counts here is the type in front of them. */
        private static Optional<MediaType> essence(String text) {
            int semicolon = text.indexOf(';');
            boolean printable = text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
            return semicolon < 0
                    ? MediaType.parse(text)
                    : Optional.of(text.substring(0, semicolon).strip())
                            .filter(_ -> printable && text.length() <= MediaType.MAX_LENGTH)
                            .flatMap(MediaType::parse);
        }

        private Digest digest(JsonParser parser) throws IOException {
            String text = text(parser, "/digest");
            return Digest.parse(text)
                    .orElseThrow(() -> Refusal.at(
                            pointer + "/digest", "not a digest of a registered algorithm, sha256 or sha512", text));
        }

        private Long size(JsonParser parser) throws IOException {
            String text = parser.getText();
            if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && text.charAt(0) != '-') {
                try {
                    return Long.valueOf(text);
                } catch (NumberFormatException _) {
                    // Above the bound: refused below, like everything else that is no size.
                }
            }
            throw Refusal.at(pointer + "/size", "a size is an integer from 0 to 2^63 - 1", text);
        }

        private List<String> urls(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw Refusal.at(pointer + "/urls", "an array of texts is expected");
            }
            List<String> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(text(parser, "/urls/" + list.size()));
            }
            return list;
        }

        private Platform platform(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw Refusal.at(pointer + "/platform", "a platform is an object");
            }
            Optional<String> os = Optional.empty();
            Optional<String> architecture = Optional.empty();
            Optional<String> variant = Optional.empty();
            Optional<String> osVersion = Optional.empty();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                Optional<String> value = parser.nextToken() == JsonToken.VALUE_STRING
                        ? PlainText.of(parser.getText())
                        : Optional.empty();
                switch (name) {
                    case "os" -> os = value;
                    case "architecture" -> architecture = value;
                    case "variant" -> variant = value;
                    case "os.version" -> osVersion = value;
                    default -> {}
                }
                parser.skipChildren();
            }
            return new Platform(os, architecture, variant, osVersion);
        }

        private String text(JsonParser parser, String member) throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw Refusal.at(pointer + member, "a text is expected");
            }
            return parser.getText();
        }

        /** A client may take embedded content for the content itself, so it has to be that. */
        private void checkData(String text, Descriptor descriptor) {
            byte[] bytes = decode(text);
            if (bytes.length != descriptor.size()) {
                throw Refusal.at(pointer + "/data", "the data has another length than size says");
            }
            if (!Digest.ofBytes(descriptor.digest().algorithm(), bytes).equals(descriptor.digest())) {
                throw Refusal.at(pointer + "/data", "the data has another digest");
            }
        }

        private byte[] decode(String text) {
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException _) {
                throw Refusal.at(pointer + "/data", "the data is not valid base64");
            }
        }
    }
}
