package dev.moorage.http.ui;

import dev.moorage.error.RegistryException.SizeInvalid;
import dev.moorage.error.RegistryException.Unsupported;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form with a file as browsers send it (RFC 7578), read whole into memory and so far as it may be long; nothing of it is kept.
 *
 * @param parts the content of each field, the first of a name
 */
record MultipartForm(Map<String, byte[]> parts) {

    private static final int MOST_PARTS = 10;
    private static final Pattern BOUNDARY =
            Pattern.compile("(?i)multipart/form-data\\s*;.*?boundary=\"?([A-Za-z0-9'()+_,./:=?-]{1,70})\"?.*");
    private static final Pattern NAME =
            Pattern.compile("(?i)content-disposition:[^\\r\\n]*?;\\s*name=\"([^\"\\r\\n]*)\"");
    private static final String LINE = "\r\n";

    /** Keeps its own copy. */
    MultipartForm {
        parts = Map.copyOf(parts);
    }

    /** Reads a body of so many bytes at most; 400 where it is longer, or no such form. */
    static MultipartForm read(InputStream body, Optional<String> contentType, int limit) {
        Matcher boundary = BOUNDARY.matcher(contentType.orElse(""));
        if (!boundary.matches()) {
            throw new Unsupported("a form with a file is multipart/form-data");
        }
        try {
            byte[] bytes = body.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new Unsupported("the file is too large: the form has at most " + limit + " bytes");
            }
            // One character for each byte, so that nothing of the file is lost.
            return parse(LINE + new String(bytes, StandardCharsets.ISO_8859_1), LINE + "--" + boundary.group(1));
        } catch (IOException _) {
            throw new SizeInvalid("the body ended before its announced length");
        }
    }

    private static MultipartForm parse(String text, String delimiter) {
        Map<String, byte[]> parts = new HashMap<>();
        int at = text.indexOf(delimiter);
        while (at >= 0 && !text.startsWith("--", at + delimiter.length())) {
            int head = at + delimiter.length();
            int content = text.indexOf(LINE + LINE, head);
            int next = text.indexOf(delimiter, head);
            if (content < 0 || next < 0 || content > next || parts.size() == MOST_PARTS) {
                throw unreadable();
            }
            Matcher name = NAME.matcher(text.substring(head, content));
            if (!name.find()) {
                throw unreadable();
            }
            int begin = content + 2 * LINE.length();
            parts.putIfAbsent(
                    name.group(1), text.substring(Math.min(begin, next), next).getBytes(StandardCharsets.ISO_8859_1));
            at = next;
        }
        if (at < 0) {
            throw unreadable();
        }
        return new MultipartForm(parts);
    }

    private static Unsupported unreadable() {
        return new Unsupported("the form cannot be read");
    }

    /** A field that holds text. */
    Optional<String> text(String name) {
        return file(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The content of a file, or of any field; empty where there is none of the name. */
    Optional<byte[]> file(String name) {
        return Optional.ofNullable(parts.get(name));
    }
}
