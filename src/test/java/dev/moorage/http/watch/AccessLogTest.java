package dev.moorage.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.watch.AccessLog.Entry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AccessLogTest {

    @Test
    void lineHasItsFields() {
        assertThat(entry("/v2/acme/web/tags/list", "acme+ci").line())
                .isEqualTo(
                        "address=192.0.2.1 caller=acme+ci method=GET path=/v2/acme/web/tags/list status=200 received=0 sent=12 micros=1500");
    }

    @Test
    void whatCouldBeginAnotherFieldOrLineIsEncoded() {
        assertThat(entry("/a b\r\nstatus=500\"\\\u2028", "").line())
                .contains("path=/a%u0020b%u000d%u000astatus%u003d500%u0022%u005c%u2028 status=200", "caller=- ");
    }

    @Property(tries = 500)
    void lineIsOneLineOfTheSameFieldsWhateverTheTextsAre(@ForAll String path, @ForAll String caller) {
        assertThat(entry(path, caller).line())
                .matches(
                        "address=\\S+ caller=[!-~&&[^=\"]]+ method=GET path=[!-~&&[^=\"]]+ status=200 received=0 sent=12 micros=1500")
                .hasSizeLessThan(1200);
    }

    private static Entry entry(String path, String caller) {
        return new Entry("192.0.2.1", caller, Verb.GET, path, 200, 0, 12, 1_500_000, "id");
    }
}
