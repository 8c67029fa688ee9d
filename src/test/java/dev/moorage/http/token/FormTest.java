package dev.moorage.http.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.Form;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormTest {

    @Test
    void aFormAndAnAnswerPrintNoSecret() {
        byte[] form = "grant_type=password&password=opensesame".getBytes(StandardCharsets.UTF_8);
        TokenResource.Answer answer = new TokenResource.Answer(
                "opensesame", "opensesame", 300, "now", Optional.of("opensesame"), "registry:catalog:*", "Bearer");

        assertThat(Form.read(new ByteArrayInputStream(form)).toString())
                .contains("grant_type")
                .doesNotContain("opensesame");
        assertThat(answer.toString()).contains("registry:catalog:*").doesNotContain("opensesame");
    }
}
