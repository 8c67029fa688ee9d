package dev.moorage.http;

import dev.moorage.error.RegistryException.SizeInvalid;
import dev.moorage.error.RegistryException.Unsupported;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A form as a client sends it (WHATWG URL standard, {@code application/x-www-form-urlencoded}).
 *
 * @param fields the values by name
 */
public record Form(Map<String, List<String>> fields) {

    private static final int MAX_BYTES = 65_536;

    /** The fields' names: their values are passwords. */
    @Override
    public String toString() {
        return fields.keySet().toString();
    }

    /** Reads a body of 64 KiB at most; 400 where it is longer or no form. */
    public static Form read(InputStream body) {
        return read(body, MAX_BYTES);
    }

    /** Reads a body of so many bytes at most; 400 where it is longer or no form. */
    public static Form read(InputStream body, int limit) {
        try {
            byte[] bytes = body.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new Unsupported("a form has at most " + limit + " bytes");
            }
            return parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException _) {
            throw new SizeInvalid("the body ended before its announced length");
        }
    }

    private static Form parse(String text) {
        Map<String, List<String>> fields = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.computeIfAbsent(decoded(pair.substring(0, equals)), _ -> new ArrayList<>())
                        .add(decoded(pair.substring(equals + 1)));
            }
        }
        return new Form(fields);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new Unsupported("the form cannot be read");
        }
    }

    /** The first value of a field. */
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** All values of a field. */
    public List<String> all(String name) {
        return fields.getOrDefault(name, List.of());
    }
}
