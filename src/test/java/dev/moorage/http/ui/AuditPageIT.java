package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages about the audit trail, of the packaged program in open mode. */
class AuditPageIT {

    private static final RegistryClient REGISTRY = MoorageProcess.shared();
    private static final Pattern NEXT = Pattern.compile("<a rel=\"next\" href=\"([^\"]+)\"");
    private static final Pattern DOWNLOAD = Pattern.compile("<a href=\"([^\"]+)\">Download");

    private final ConsoleVisitor visitor = new ConsoleVisitor(REGISTRY);
    private final String organization = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String page = "/console/organizations/" + organization + "/audit";

    @Test
    void rowsComePageByPageAndAllOfThemInAFile() {
        make();
        for (int i = 0; i < 51; i++) {
            change(i % 2 == 0 ? "P1D" : "P2D");
        }

        String first = visitor.page(page + "?action=organization.*&outcome=done");
        assertThat(first).contains("&lt;script&gt;alert(1)&lt;/script&gt;").doesNotContain("<script>alert");
        Matcher next = NEXT.matcher(first);
        assertThat(next.find()).isTrue();
        String second = visitor.page(next.group(1).replace("&amp;", "&"));
        assertThat(second).contains("organization.create").doesNotContain("rel=\"next\"");

        Matcher download = DOWNLOAD.matcher(second);
        assertThat(download.find()).isTrue();
        Answer file = visitor.get(download.group(1).replace("&amp;", "&")).expect(200);
        assertThat(file.header("content-type")).startsWith("application/x-ndjson");
        assertThat(file.header("content-disposition"))
                .isEqualTo("attachment; filename=\"audit-" + organization + ".jsonl\"");
        List<String> lines = file.text().lines().toList();
        assertThat(lines).hasSize(52).allMatch(line -> line.startsWith("{") && line.contains(organization));
        assertThat(lines.getFirst()).contains("organization.create");
    }

    @Test
    void registryShowsAllAndTheFormKeepsWhatWasAsked() {
        make();
        String all =
                visitor.page("/console/audit?organization=" + organization + "&since=2020-01-01T00:00&actor=%3Cb%3E");

        assertThat(all)
                .contains("value=\"" + organization + "\"", "value=\"2020-01-01T00:00\"", "value=\"&lt;b&gt;\"")
                .contains("No row is as you ask.");
        assertThat(visitor.page("/console/audit?organization=" + organization))
                .contains("organization.create", "<a href=\"" + page + "\">");
        visitor.get("/console/organizations/none-" + organization + "/audit").expect(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"outcome=maybe", "action=nothing.*", "since=yesterday", "after=x", "organization=A"})
    void whatCannotBeAskedIsRefusedInASentence(String asked) {
        assertThat(visitor.get("/console/audit?" + asked).expect(400).text()).contains("<h1>Bad Request</h1>");
    }

    private void make() {
        send("POST", "/api/v1/organizations", "{\"name\":\"" + organization + "\"}")
                .expect(201);
    }

    private void change(String undoWindow) {
        send("PATCH", "/api/v1/organizations/" + organization, "{\"undoWindow\":\"" + undoWindow + "\"}")
                .expect(200);
    }

    private static Answer send(String method, String path, String body) {
        return REGISTRY.request(method, path)
                .header("Content-Type", "application/json")
                .header("User-Agent", "<script>alert(1)</script>")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .send();
    }
}
