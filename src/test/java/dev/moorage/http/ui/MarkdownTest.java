package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers write in a README comes out as text, links out, and nothing else. */
class MarkdownTest {

    private static final Set<String> ELEMENTS = Set.of(
            "html",
            "head",
            "body",
            "p",
            "a",
            "em",
            "strong",
            "code",
            "pre",
            "blockquote",
            "ul",
            "ol",
            "li",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "br",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td");
    private static final Set<String> ATTRIBUTES = Set.of("href", "rel", "title", "tabindex", "scope", "class", "start");

    private static final List<String> PIECES = List.of(
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "<a href=javascript:alert(1)>x</a>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:msgbox)",
            "[x](&#106;avascript:alert(1))",
            "[x](&#x6A;avascript&colon;alert(1))",
            "[x](java\\script:alert(1))",
            "[x](<javascript:alert(1)>)",
            "[x](\tjavascript:alert(1))",
            "[x](//evil.example)",
            "[x](/console/logout)",
            "[x](https://good.example \"a\\\" onmouseover=\\\"alert(1)\")",
            "![x](javascript:alert(1))",
            "![x](https://pixel.example/1.png)",
            "![x\" onerror=\"alert(1)](https://pixel.example)",
            "[![x](https://pixel.example)](https://good.example)",
            "<javascript:alert(1)>",
            "<https://good.example/\"onmouseover=alert(1)>",
            "[x][r]",
            "\n\n[r]: javascript:alert(1)\n\n",
            "&lt;script&gt;",
            "&#60;script&#62;",
            "```\"><script>\ncode\n```\n",
            "``` html\" onclick=\"alert(1)\nx\n```\n",
            "# one",
            "\n\n#### four\n\n",
            "\n\n|a|b|\n|:-|-:|\n|<b>|[x](javascript:1)|\n\n",
            "\n\n<div onclick=alert(1)>\n\n",
            "\n\n<!-- \n\n-->\n\n",
            "\n> ",
            "\n- ",
            "**",
            "`",
            "\\",
            "]",
            "(");

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.of(PIECES).list().ofMaxSize(12).map(pieces -> String.join("", pieces));
    }

    @Property(tries = 2000)
    void nothingRunsAndNothingIsLoaded(@ForAll("hostile") String text) {
        assertHarmless(text);
    }

    @Property
    void norOfAnyText(@ForAll String text) {
        assertHarmless(text);
    }

    private static void assertHarmless(String text) {
        Document page = Jsoup.parse(html(text));
        int before = 2;
        for (Element element : page.getAllElements()) {
            if (element.tagName().equals("#root")) {
                continue;
            }
            assertThat(ELEMENTS).as(text).contains(element.tagName());
            for (Attribute attribute : element.attributes()) {
                assertThat(ATTRIBUTES).as(text).contains(attribute.getKey());
            }
            if (element.hasAttr("href")) {
                assertThat(element.attr("href").toLowerCase(Locale.ROOT))
                        .as(text)
                        .matches("(?s)(https?://|mailto:).*");
                assertThat(element.attr("rel")).isEqualTo("nofollow noopener noreferrer");
                assertThat(element.select("a a")).isEmpty();
            }
            if (element.tagName().matches("h[2-6]")) {
                int level = element.tagName().charAt(1) - '0';
                assertThat(level).as(text).isBetween(3, before + 1);
                before = level;
            }
        }
    }

    @Test
    void whatPeopleWriteIsShown() {
        assertThat(html("""
            # Web

            A *server* of [pages](https://acme.example/?a=1&b=2).

            | port | use |
            |------|-----|
            | 80   | `HTTP` |

            #### Notes
            ![logo](https://acme.example/logo.png)
            """)).isEqualTo("""
                <h3>Web</h3>
                <p>A <em>server</em> of <a rel="nofollow noopener noreferrer" href="https://acme.example/?a=1&amp;b=2">pages</a>.</p>
                <table>
                <thead>
                <tr>
                <th scope="col">port</th>
                <th scope="col">use</th>
                </tr>
                </thead>
                <tbody>
                <tr>
                <td>80</td>
                <td><code>HTTP</code></td>
                </tr>
                </tbody>
                </table>
                <h4>Notes</h4>
                <p><a rel="nofollow noopener noreferrer" href="https://acme.example/logo.png">logo</a></p>
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[", "![", "> ", "- ", "*a **a ", "<", "&", "`a", "[a](", "]", "|a", "_a ", "\\", "<!--", "1. "})
    @Timeout(20)
    void textOfOneThingOverAndOverIsReadInTime(String piece) {
        String text = piece.repeat(65_536 / piece.length());
        assertThat(html(text)).isNotEmpty();
        String deep = piece.repeat(10_000);
        assertThatCode(() -> html(deep)).doesNotThrowAnyException();
    }

    @Test
    @Timeout(20)
    void nestedBracketsAreReadInTime() {
        String nested = "[".repeat(10_000) + "a" + "]".repeat(10_000);
        assertThat(Jsoup.parse(html(nested)).text()).isEqualTo(nested);
        assertThat(html("*a ".repeat(10_000) + "b*".repeat(10_000))).isNotEmpty();
    }

    @Test
    void addressThatIsRepeatedDoesNotMakeThePageHuge() {
        String text = "[a]".repeat(10_000) + "\n\n[a]: https://acme.example/" + "x".repeat(30_000);
        assertThat(html(text)).hasSizeLessThan(200_000).startsWith("<pre");
    }

    @Test
    void readmeOfTheUsualLengthTakesNoTime() {
        String text = "## A heading\n\nSome *text* with a [link](https://acme.example).\n\n- one\n- two\n\n".repeat(50);
        html(text);
        long begin = System.nanoTime();
        html(text);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(500));
    }

    private static String html(String text) {
        return Markdown.html(text, 2).getValue();
    }
}
