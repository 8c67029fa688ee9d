package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Looks at a page for what keeps people from using it: the rules of WCAG 2.2 AA that a program can check, and good practice. */
final class Axe {

    private static final String SCRIPT = read();
    private static final String RUN = """
            async (tags) => {
              const result = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
              return result.violations.map((violation) => violation.id + ': ' + violation.help + '\\n'
                + violation.nodes.slice(0, 5).map((node) => '    ' + node.html.slice(0, 300) + '\\n      '
                  + node.failureSummary.replaceAll('\\n', ' ')).join('\\n'));
            }""";
    private static final List<String> TAGS =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

    private Axe() {}

    /** Demands that it finds nothing. */
    static void assertNoViolation(Page page, String what) {
        if (!Boolean.TRUE.equals(page.evaluate("() => typeof axe === 'object'"))) {
            page.evaluate(SCRIPT);
        }
        assertThat((List<?>) page.evaluate(RUN, TAGS))
                .as("what axe says of %s", what)
                .isEmpty();
    }

    private static String read() {
        try (InputStream script = Axe.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
