package dev.moorage.manifest;

import dev.moorage.error.RegistryException.ManifestInvalid;
import java.util.Map;

/** Words for what is wrong with a manifest, and where. */
final class Refusal {

    private static final int SHOWN_CHARACTERS = 200;

    private Refusal() {}

    /** A refusal of what lies at a JSON pointer (RFC 6901); the empty pointer is the whole manifest. */
    static ManifestInvalid at(String pointer, String reason) {
        return new ManifestInvalid(reason, Map.of("pointer", shown(pointer)));
    }

    /** A refusal that repeats what was found. */
    static ManifestInvalid at(String pointer, String reason, String found) {
        return new ManifestInvalid(reason, Map.of("pointer", shown(pointer), "found", shown(found)));
    }

    /** A refusal of a text that is no JSON, with the place where reading ended. */
    static ManifestInvalid ofSyntax(int line, int column) {
        return new ManifestInvalid("the manifest is not valid JSON", Map.of("line", line, "column", column));
    }

    /** The client's own words are cut and made printable: half a surrogate pair could not be written into an answer. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < SHOWN_CHARACTERS; i++) {
            char c = text.charAt(i);
            shown.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return text.length() > SHOWN_CHARACTERS ? shown.append("...").toString() : shown.toString();
    }
}
