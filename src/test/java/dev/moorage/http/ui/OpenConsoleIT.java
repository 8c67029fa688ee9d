package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Browser;
import dev.moorage.testing.MoorageProcess;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The console in open mode: nobody logs in, and forms are asked all the same from where they come. */
class OpenConsoleIT {

    private static final Pattern ASSET = Pattern.compile("/console/assets/[a-z.]+");
    private static final Map<String, String> MEDIA_TYPES =
            Map.of("css", "text/css", "js", "text/javascript", "svg", "image/svg+xml");

    private static MoorageProcess program;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start("open-console", MoorageProcess.Settings.usual());
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void nobodyIsAskedToLogIn() {
        Browser browser = new Browser(program.client());
        Answer home = browser.get("/console/").expect(200);
        assertThat(home.text()).contains("Open mode").doesNotContain("Log out");
        assertThat(browser.get("/console/login").expect(303).header("Location")).endsWith("/console/");
        assertThat(browser.get("/console/account").expect(403).text()).contains("only an account");
    }

    @Test
    void formsAreThoseOfPagesThatAreOpenInTheBrowser() {
        Browser browser = new Browser(program.client());
        browser.post("/console/logout", Map.of()).expect(403);
        browser.get("/console/").expect(200);
        assertThat(browser.wasTold())
                .singleElement()
                .asString()
                .containsIgnoringCase("; HttpOnly")
                .contains("moorage-console-form=", "; SameSite=Strict", "; Path=/console");
        browser.post("/console/logout", Map.of("csrf", "")).expect(403);
        browser.post("/console/logout", Map.of("csrf", "guessed")).expect(403);
    }

    @Test
    void whatPagesAreMadeOfIsThereAndIsNotSentTwice() {
        String home = program.client().get("/console/").expect(200).text();
        List<String> assets = ASSET.matcher(home)
                .results()
                .map(MatchResult::group)
                .distinct()
                .sorted()
                .toList();
        assertThat(assets).hasSize(3);
        for (String asset : assets) {
            Answer answer = program.client().get(asset).expect(200);
            assertThat(answer.header("Content-Type"))
                    .startsWith(MEDIA_TYPES.get(asset.substring(asset.lastIndexOf('.') + 1)));
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(answer.body().length));
            assertThat(answer.body()).isNotEmpty();
            Answer head = program.client().request("HEAD", asset).send().expect(200);
            assertThat(head.lastingHeaders()).isEqualTo(answer.lastingHeaders());
            Answer again = program.client()
                    .request("GET", asset)
                    .header("If-None-Match", answer.header("ETag"))
                    .send()
                    .expect(304);
            assertThat(again.body()).isEmpty();
        }
    }
}
