package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Browser;
import dev.moorage.testing.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** Goes from page to page as a browser without JavaScript does: follows links, sends forms as they stand, keeps the cookie. */
final class ConsoleBrowser {

    private static final String URLENCODED = "application/x-www-form-urlencoded";

    private final RegistryClient registry;
    private final Browser browser;

    ConsoleBrowser(RegistryClient registry) {
        this.registry = registry;
        this.browser = new Browser(registry);
    }

    /** A page that is there. */
    Document open(String address) {
        return page(get(address).expect(200));
    }

    Answer get(String address) {
        return browser.get(address);
    }

    /** Sends the form of an address with other values in some of its fields, and answers as the registry does. */
    Answer send(Document page, String action, Map<String, String> typed) {
        Element form = form(page, action);
        Map<String, List<String>> fields = fields(form);
        typed.forEach((name, value) -> fields.put(name, List.of(value)));
        return post(action, fields);
    }

    Answer post(String action, Map<String, List<String>> fields) {
        return post(action, URLENCODED, query(fields).getBytes(StandardCharsets.UTF_8));
    }

    Answer post(String action, String type, byte[] body) {
        return browser.send(
                registry.request("POST", action).header("Content-Type", type).body(body));
    }

    /** The page to which an answer leads that has done something. */
    Document follow(Answer answer) {
        return open(path(answer.expect(303).header("location")));
    }

    static Document page(Answer answer) {
        Document page = Jsoup.parse(answer.text());
        assertThat(answer.header("content-type")).startsWith("text/html");
        assertThat(page.select("h1")).hasSize(1);
        assertThat(page.select("script:not([src]), [style], [onclick], [onerror], [onload]"))
                .isEmpty();
        return page;
    }

    static Element form(Document page, String action) {
        return page.select("form[action=" + action + "]").first();
    }

    /** What a form would send as it stands. */
    static Map<String, List<String>> fields(Element form) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (Element field : form.select("input[name], textarea[name], select[name]")) {
            boolean box = field.attr("type").equals("checkbox");
            if (box && !field.hasAttr("checked")) {
                continue;
            }
            String value =
                    switch (field.tagName()) {
                        case "textarea" -> typed(field);
                        case "select" -> field.select("option[selected]").attr("value");
                        default -> field.attr("value");
                    };
            fields.merge(field.attr("name"), List.of(value), (some, more) -> Stream.concat(some.stream(), more.stream())
                    .toList());
        }
        return fields;
    }

    /** What stands in a field of several lines: the line break behind its tag is none of the text. */
    static String typed(Element textarea) {
        String text = textarea.wholeText();
        return text.startsWith("\n") ? text.substring(1) : text;
    }

    static String path(String location) {
        int host = location.indexOf("://");
        return host < 0 ? location : location.substring(location.indexOf('/', host + 3));
    }

    private static String query(Map<String, List<String>> fields) {
        return fields.entrySet().stream()
                .flatMap(field -> field.getValue().stream()
                        .map(value -> RegistryClient.encoded(field.getKey()) + '=' + RegistryClient.encoded(value)))
                .collect(Collectors.joining("&"));
    }
}
