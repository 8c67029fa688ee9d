package dev.moorage.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AuditActionTest {

    private static final Pattern LINE = Pattern.compile("\\| `([a-z.-]+)` \\| ([a-z-]+) \\|.*");

    @Test
    void thePageExplainsEachActionAndNoOther() throws IOException {
        List<String> explained = Files.readAllLines(Path.of("docs/audit.md")).stream()
                .map(LINE::matcher)
                .filter(line -> line.matches())
                .map(line -> line.group(1) + ' ' + line.group(2))
                .toList();

        assertThat(explained)
                .containsExactlyElementsOf(Stream.of(AuditAction.values())
                        .map(action -> action.text() + ' ' + action.target().text())
                        .toList());
    }

    @Test
    void textOfAnActionIsReadAsThatAction() {
        for (AuditAction action : AuditAction.values()) {
            assertThat(AuditAction.parse(action.text())).contains(action);
        }
        assertThat(AuditAction.parse("robot")).isEmpty();
    }
}
