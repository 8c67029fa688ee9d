package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Browser;
import dev.moorage.testing.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Somebody with a browser in which nothing runs: he reads pages, and sends the forms that are on them. */
final class ConsoleVisitor {

    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    private final RegistryClient registry;
    private final Browser browser;

    ConsoleVisitor(RegistryClient registry) {
        this.registry = registry;
        this.browser = new Browser(registry);
    }

    /** A page, which keeps to the rules of all of them. */
    String page(String path) {
        Answer answer = get(path).expect(200);
        assertThat(answer.header("content-type")).startsWith("text/html");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.header("content-security-policy")).contains("default-src 'none'");
        String text = answer.text();
        assertThat(text).containsOnlyOnce("<h1").doesNotContain(" style=", "<style", " onclick=");
        return text;
    }

    /** Whatever a path answers. */
    Answer get(String path) {
        return browser.get(path);
    }

    /** Sends a form of a page, with names and values by turns. */
    Answer send(String page, String action, String... fields) {
        return fill(page(page), action, fields);
    }

    /** Sends a form of a page that is open since a while. */
    Answer fill(String page, String action, String... fields) {
        Matcher csrf = CSRF.matcher(page);
        assertThat(csrf.find()).as("a form on the page").isTrue();
        return post(
                action,
                Stream.concat(Stream.of("csrf", csrf.group(1)), Stream.of(fields))
                        .toArray(String[]::new));
    }

    /** Sends what no page has made. */
    Answer post(String action, String... fields) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            body.append(i == 0 ? "" : "&")
                    .append(Stream.of(fields[i], fields[i + 1])
                            .map(RegistryClient::encoded)
                            .collect(Collectors.joining("=")));
        }
        return browser.send(registry.request("POST", action)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(body.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
