package dev.moorage.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Makes texts fit into the rows of the audit trail: whatever somebody sent, no longer than there is room. */
final class AuditText {

    /** How many characters a target's name has at most. */
    static final int LONGEST_TARGET = 600;

    /** How many characters an actor's name has at most. */
    static final int LONGEST_ACTOR = 1100;

    private static final int LONGEST_DETAIL = 4096;
    private static final int LONGEST_VALUE = 500;
    private static final String CUT = "{\"cut\":true}";
    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private AuditText() {}

    /** The text, cut where it is too long; what the database cannot hold in a text is replaced. */
    static String fit(String text, int longest) {
        String cut = text.length() > longest ? text.substring(0, longest) : text;
        // Half a pair becomes a question mark.
        return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }

    /** A value of a detail. */
    static Object value(Object value) {
        return value instanceof String text ? fit(text, LONGEST_VALUE) : value;
    }

    /** A JSON object; one that is too long says so, and nothing else. */
    static String detail(Map<String, Object> detail) {
        try {
            String text = JSON.writeValueAsString(detail);
            return text.length() > LONGEST_DETAIL ? CUT : text;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
