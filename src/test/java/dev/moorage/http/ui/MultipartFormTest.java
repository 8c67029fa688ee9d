package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.error.RegistryException.Unsupported;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFormTest {

    private static final String TYPE = "multipart/form-data; boundary=----acme";

    @Property
    void fileIsReadByteByByte(@ForAll byte[] file) {
        MultipartForm form = read(TYPE, body(file), 100_000);
        assertThat(form.text("csrf")).contains("döck");
        assertThat(form.file("icon"))
                .hasValueSatisfying(read -> assertThat(read).isEqualTo(file));
        assertThat(form.file("other")).isEmpty();
    }

    @Test
    void fileOfTheNameOfAnotherFieldDoesNotTakeItsPlace() {
        String two = part("csrf", "", "mine") + part("csrf", "; filename=\"x\"", "theirs") + "------acme--\r\n";
        assertThat(read(TYPE, two.getBytes(StandardCharsets.UTF_8), 1000).text("csrf"))
                .contains("mine");
    }

    @Test
    void longerBodyIsRefused() {
        assertThatThrownBy(() -> read(TYPE, body(new byte[1000]), 1000)).isInstanceOf(Unsupported.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "------acme", "------acme\r\n", "------acme\r\nX: y\r\n\r\nz\r\n------acme--", "nothing"})
    void bodyThatIsNoFormIsRefused(String body) {
        assertThatThrownBy(() -> read(TYPE, body.getBytes(StandardCharsets.UTF_8), 1000))
                .isInstanceOf(Unsupported.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "multipart/form-data", "multipart/form-data; boundary="})
    void formWithoutABoundaryIsRefused(String type) {
        assertThatThrownBy(() -> read(type, body(new byte[1]), 1000)).isInstanceOf(Unsupported.class);
    }

    private static byte[] body(byte[] file) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(part("csrf", "", "döck").getBytes(StandardCharsets.UTF_8));
        String head = "------acme\r\nContent-Disposition: form-data; name=\"icon\"; filename=\"a.png\"\r\n\r\n";
        body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(file);
        body.writeBytes("\r\n------acme--\r\n".getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    private static String part(String name, String more, String value) {
        return "------acme\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + value
                + "\r\n";
    }

    private static MultipartForm read(String type, byte[] body, int limit) {
        return MultipartForm.read(new ByteArrayInputStream(body), Optional.of(type), limit);
    }
}
