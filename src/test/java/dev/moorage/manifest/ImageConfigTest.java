package dev.moorage.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a configuration is shown what it says in the form of the specification, and the rest breaks nothing. */
class ImageConfigTest {

    private static ImageConfig read(String json) {
        return ImageConfig.read(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    @Test
    void everythingThatTheSpecificationNamesIsRead() {
        ImageConfig config = read("""
                {"created":"2026-01-02T03:04:05Z","author":"anna","os":"linux","architecture":"arm64","variant":"v8",
                 "config":{"User":"app","WorkingDir":"/srv","Entrypoint":["/bin/run"],"Cmd":["--port","80"],
                   "Env":["PATH=/bin","EMPTY="],"ExposedPorts":{"80/tcp":{},"443/tcp":{}},"Volumes":{"/data":{}},
                   "Labels":{"b":"2","a":"1"},"StopSignal":"SIGTERM"},
                 "history":[{"created_by":"ADD rootfs","created":"2026-01-01T00:00:00Z"},
                   {"created_by":"ENV A=1","empty_layer":true,"comment":"buildkit"}]}
                """);

        assertThat(config.created()).contains(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(config.author()).contains("anna");
        assertThat(config.platform()).contains("linux/arm64/v8");
        assertThat(config.run().user()).contains("app");
        assertThat(config.run().workingDirectory()).contains("/srv");
        assertThat(config.run().entrypoint()).containsExactly("/bin/run");
        assertThat(config.run().command()).containsExactly("--port", "80");
        assertThat(config.run().environment()).containsExactly("PATH=/bin", "EMPTY=");
        assertThat(config.run().ports()).containsExactly("80/tcp", "443/tcp");
        assertThat(config.run().volumes()).containsExactly("/data");
        assertThat(config.run().stopSignal()).contains("SIGTERM");
        assertThat(config.labels().keySet()).containsExactly("b", "a");
        assertThat(config.history()).hasSize(2);
        assertThat(config.history().get(0).empty()).isFalse();
        assertThat(config.history().get(1).empty()).isTrue();
        assertThat(config.history().get(1).comment()).contains("buildkit");
        assertThat(config.cut()).isFalse();
    }

    @Test
    void windowsSaysItsVersion() {
        ImageConfig config = read("""
                {"os":"windows","os.version":"10.0.20348.2227","architecture":"amd64","config":{"Cmd":["c:\\\\windows\\\\system32\\\\cmd.exe"]}}
                """);

        assertThat(config.osVersion()).contains("10.0.20348.2227");
        assertThat(config.run().command()).containsExactly("c:\\windows\\system32\\cmd.exe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"config\":null,\"history\":null,\"os\":null,\"created\":null}",
                "{\"config\":[],\"history\":{},\"os\":7,\"created\":\"yesterday\",\"author\":{\"a\":[1,{\"b\":2}]}}",
                "{\"config\":{\"Env\":{\"a\":1},\"Cmd\":null,\"Labels\":[1],\"ExposedPorts\":[[[]]],\"User\":{\"x\":{}}}}",
                "{\"history\":[null,1,\"text\",[[]]]}"
            })
    void whatIsOfAnotherFormIsLeftOut(String json) {
        ImageConfig config = read(json);

        assertThat(config.os()).isEmpty();
        assertThat(config.created()).isEmpty();
        assertThat(config.labels()).isEmpty();
        assertThat(config.run()).isEqualTo(ImageConfig.Run.NOTHING);
        assertThat(config.history()).allMatch(step -> step.createdBy().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "7", "{", "{\"a\":1} x", "{\"history\":[{\"created_by\":", "not json"})
    void whatIsNoObjectIsNoConfiguration(String json) {
        assertThat(ImageConfig.read(json.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThat(ImageConfig.read("{\"a\":%s}".formatted("[".repeat(100_000)).getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(ImageConfig.read(new byte[ConfigFacts.MAX_BYTES + 1])).isEmpty();

        ImageConfig many = read("{\"history\":[%s{}]}".formatted("{},".repeat(5000)));
        assertThat(many.history()).hasSize(ImageConfig.MOST);
        assertThat(many.cut()).isTrue();
    }

    @Test
    void charactersThatCannotBeWrittenAreMarked() {
        ImageConfig config =
                read("{\"author\":\"a\\u0000b\\ud800c\\u001b[31m\",\"config\":{\"Labels\":{\"\\udfff\":\"x\"}}}");

        assertThat(config.author()).contains("a\ufffdb\ufffdc\ufffd[31m");
        assertThat(config.labels()).containsExactly(Map.entry("\ufffd", "x"));
    }

    @Test
    void chartSaysWhatItIs() {
        String chart =
                "{\"name\":\"web\",\"version\":\"1.2.3\",\"keywords\":[\"a\"],\"deprecated\":false,\"icon\":null}";

        assertThat(ForeignConfig.read(chart.getBytes(StandardCharsets.UTF_8)))
                .containsExactly(
                        Map.entry("name", "web"), Map.entry("version", "1.2.3"), Map.entry("deprecated", "false"));
        assertThat(ForeignConfig.read(new byte[] {1, 2, 3})).isEmpty();
    }

    @Test
    void annotationsAreFoundByTheirPlace() {
        ManifestNotes notes = ManifestNotes.read("""
                {"annotations":{"a":"1","n":null},"layers":[{"digest":"x"},{"annotations":{"title":"file"}},7]}
                """.getBytes(StandardCharsets.UTF_8));

        assertThat(notes.own()).containsExactly(Map.entry("a", "1"));
        assertThat(notes.piece(0)).isEmpty();
        assertThat(notes.piece(1)).containsExactly(Map.entry("title", "file"));
        assertThat(notes.piece(9)).isEmpty();
    }
}
