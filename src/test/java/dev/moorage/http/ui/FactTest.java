package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers say of images leads nowhere but to the web. */
class FactTest {

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com/a?b=c#d", "http://example.com", "HTTPS://EXAMPLE.com"})
    void addressesOfTheWebAreLinks(String text) {
        assertThat(Fact.of("Source", text).link()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "JaVaScRiPt://example.com/%0aalert(1)",
                "data:text/html,<script>alert(1)</script>",
                "//example.com/x",
                "/console/logout",
                "https:alert(1)",
                "https://",
                "file:///etc/passwd",
                "https://exa mple.com",
                "java\nscript:alert(1)",
                ""
            })
    void everythingElseIsText(String text) {
        assertThat(Fact.of("Source", text).link()).isEmpty();
    }

    @Test
    void annotationCountsBeforeTheLabelOfTheSameName() {
        ImageFactsShown shown = ImageFactsShown.of(
                Map.of("org.opencontainers.image.title", "by label", "mine", "1"),
                Map.of("org.opencontainers.image.title", "by annotation"));

        assertThat(shown.known()).containsExactly(Fact.of("Title", "by annotation"));
        assertThat(shown.labels()).containsExactly(Fact.of("mine", "1"));
        assertThat(shown.annotations()).isEmpty();
    }

    @Test
    void commandIsShownAsItWasWritten() {
        assertThat(LayerRow.command("/bin/sh -c #(nop)  CMD [\"sh\"]")).isEqualTo("CMD [\"sh\"]");
        assertThat(LayerRow.command("RUN make # buildkit")).isEqualTo("RUN make # buildkit");
    }
}
