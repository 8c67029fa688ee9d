package dev.moorage.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry answered.
 *
 * @param status the HTTP status
 * @param headers by lower-case name, in the order of the wire
 * @param body all bytes of the body, which tests keep small
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are never compared by identity
public record Answer(int status, Map<String, List<String>> headers, byte[] body) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

    /** The headers without those that differ from request to request whatever is asked: when it was, and what it is called. */
    public Map<String, List<String>> lastingHeaders() {
        Map<String, List<String>> lasting = new LinkedHashMap<>(headers);
        lasting.remove("date");
        lasting.remove("x-request-id");
        return lasting;
    }

    /** All values of a header, in order; empty where it is absent. */
    public List<String> all(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The only value of a header; fails the test where there are several. */
    public Optional<String> find(String name) {
        List<String> values = all(name);
        assertThat(values).as("header %s is given once", name).hasSizeLessThan(2);
        return values.stream().findFirst();
    }

    /** The only value of a header that must be there. */
    public String header(String name) {
        return find(name).orElseThrow(() -> new AssertionError("no header " + name + " in " + this));
    }

    /** The elements of a header that is a list, over all its lines. */
    public List<String> elements(String name) {
        List<String> elements = new ArrayList<>();
        for (String line : all(name)) {
            for (String element : line.split(",", -1)) {
                elements.add(element.strip());
            }
        }
        return elements;
    }

    /** The body as JSON. */
    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON in " + this, e);
        }
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The code of the first error of the body. */
    public String errorCode() {
        return json().path("errors").path(0).path("code").asText();
    }

    /** The detail of the first error of the body. */
    public JsonNode errorDetail() {
        return json().path("errors").path(0).path("detail");
    }

    /** The texts of a list in a JSON body, such as {@code tags}. */
    public List<String> texts(String field) {
        JsonNode list = json().path(field);
        assertThat(list.isArray()).as("%s is a list in %s", field, text()).isTrue();
        List<String> texts = new ArrayList<>();
        list.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    /** The target of {@code Link: <…>; rel="next"}. */
    public Optional<String> next() {
        return find("link").map(link -> {
            Matcher matcher = NEXT.matcher(link);
            assertThat(matcher.matches())
                    .as("Link is <…>; rel=\"next\": %s", link)
                    .isTrue();
            return matcher.group(1);
        });
    }

    /** Demands a status; the whole answer is in the failure. */
    public Answer expect(int expected) {
        assertThat(status).as("status of %s", this).isEqualTo(expected);
        return this;
    }

    /** Demands a refusal as the specifications write it: status, JSON body, code. */
    public Answer expectError(int expected, String code) {
        expect(expected);
        assertThat(header("content-type")).as("type of %s", this).startsWith("application/json");
        JsonNode errors = json().path("errors");
        assertThat(errors.isArray() && !errors.isEmpty())
                .as("errors of %s", this)
                .isTrue();
        for (JsonNode error : errors) {
            assertThat(error.path("code").asText()).as("code in %s", this).isEqualTo(code);
            assertThat(error.path("message").isTextual()
                            || error.path("message").isMissingNode())
                    .as("message in %s", this)
                    .isTrue();
        }
        return this;
    }

    @Override
    public String toString() {
        String shown = text();
        return status + " " + headers + " "
                + (shown.length() > 600 ? shown.substring(0, 600) + "… (" + body.length + " bytes)" : shown);
    }
}
