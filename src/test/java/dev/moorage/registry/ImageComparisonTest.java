package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.manifest.ImageConfig;
import dev.moorage.manifest.ManifestNotes;
import dev.moorage.name.Descriptor;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import dev.moorage.registry.ImageComparison.Difference;
import dev.moorage.registry.ImageComparison.Presence;
import dev.moorage.registry.Inspection.Config;
import dev.moorage.registry.Inspection.Entry;
import dev.moorage.registry.Inspection.State;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a puller has to fetch, and what is different then. */
class ImageComparisonTest {

    private static final String PLAIN = """
            {"os":"linux","architecture":"amd64","config":{"Env":["A=1","B=2"],"Cmd":["run"]},
             "history":[{"created_by":"base"},{"created_by":"env","empty_layer":true},{"created_by":"app"}]}
            """;

    private static Descriptor layer(String name, long size) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return new Descriptor(MediaType.OCI_EMPTY, Digest.ofBytes(Digest.Algorithm.SHA256, bytes), size);
    }

    private static Inspection image(String name, String json, Descriptor... layers) {
        Optional<ImageConfig> config = ImageConfig.read(json.getBytes(StandardCharsets.UTF_8));
        ManifestNotes notes = new ManifestNotes(Map.of(), List.of());
        return inspection(
                name,
                Optional.of(new Config("config " + json, "x/y", json.length(), State.READ, config, Map.of())),
                Pieces.layers(List.of(layers), notes, config),
                List.of());
    }

    private static Inspection index(String name, Entry... entries) {
        return inspection(name, Optional.empty(), List.of(), List.of(entries));
    }

    private static Entry entry(String digest, String platform) {
        return new Entry(digest, "x/y", 100, Optional.of(platform), Optional.empty(), Map.of());
    }

    private static Inspection inspection(
            String digest, Optional<Config> config, List<Inspection.LayerPiece> layers, List<Entry> entries) {
        return new Inspection(
                digest,
                "x/y",
                Optional.empty(),
                500,
                0,
                Instant.EPOCH,
                Optional.empty(),
                0,
                false,
                List.of(),
                Map.of(),
                Optional.empty(),
                config,
                layers,
                entries);
    }

    @Test
    void sameManifestNeedsNothing() {
        Inspection image = image("one", PLAIN, layer("base", 1000), layer("app", 10));

        ImageComparison same = ImageComparison.of(image, image);

        assertThat(same.same()).isTrue();
        assertThat(same.fetched()).isZero();
        assertThat(same.differences()).isEmpty();
        assertThat(same.bytes(Presence.SHARED)).isEqualTo(1010);
        assertThat(same.history().from()).isEmpty();
    }

    @Test
    void onlyWhatTheOneHasNotIsFetched() {
        Inspection from = image("one", PLAIN, layer("base", 1000), layer("old", 10));
        Inspection to = image("two", PLAIN, layer("base", 1000), layer("new", 20));

        ImageComparison compared = ImageComparison.of(from, to);

        assertThat(compared.layers(Presence.REMOVED))
                .extracting(layer -> layer.size())
                .containsExactly(10L);
        assertThat(compared.layers(Presence.ADDED))
                .extracting(layer -> layer.size())
                .containsExactly(20L);
        assertThat(compared.layers(Presence.SHARED))
                .extracting(layer -> layer.size())
                .containsExactly(1000L);
        assertThat(compared.fetched()).isEqualTo(20 + 500);
    }

    @Test
    void layerThatOccursTwiceIsFetchedOnce() {
        Inspection from = image("one", "{}");
        Inspection to = image("two", "{}", layer("same", 30), layer("same", 30));

        ImageComparison compared = ImageComparison.of(from, to);

        assertThat(compared.layers()).hasSize(1);
        assertThat(compared.fetched()).isEqualTo(30 + 500);
    }

    @Test
    void configurationIsComparedPieceByPiece() {
        Inspection from = image("one", PLAIN);
        Inspection to = image("two", """
                {"os":"linux","architecture":"arm64","config":{"Env":["A=1","B=3","C=4"],"Cmd":["run","fast"],"User":"app",
                  "Labels":{"l":"x"},"ExposedPorts":{"80/tcp":{}}},
                 "history":[{"created_by":"base"},{"created_by":"other"}]}
                """);

        ImageComparison compared = ImageComparison.of(from, to);

        assertThat(compared.differences())
                .containsExactly(
                        new Difference("runs on", "", Optional.of("linux/amd64"), Optional.of("linux/arm64")),
                        new Difference("user", "", Optional.empty(), Optional.of("app")),
                        new Difference("command", "", Optional.of("run"), Optional.of("run fast")),
                        new Difference("environment", "B", Optional.of("2"), Optional.of("3")),
                        new Difference("environment", "C", Optional.empty(), Optional.of("4")),
                        new Difference("port", "80/tcp", Optional.empty(), Optional.of("80/tcp")),
                        new Difference("label", "l", Optional.empty(), Optional.of("x")));
        assertThat(compared.history().shared()).isEqualTo(1);
        assertThat(compared.history().from()).containsExactly("env", "app");
        assertThat(compared.history().to()).containsExactly("other");
    }

    @Test
    void indexesAreComparedByTheirPlatforms() {
        Inspection from = index("one", entry("a", "linux/amd64"), entry("b", "linux/arm64"));
        Inspection to = index("two", entry("a", "linux/amd64"), entry("c", "linux/arm64"), entry("d", "linux/s390x"));

        assertThat(ImageComparison.of(from, to).differences())
                .containsExactly(
                        new Difference("platform", "linux/arm64", Optional.of("b"), Optional.of("c")),
                        new Difference("platform", "linux/s390x", Optional.empty(), Optional.of("d")));
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, true", "3, false"})
    void stepsBelongToLayersOnlyWhereTheirNumbersAreTheSame(int layers, boolean fits) {
        Inspection image = image(
                "one",
                PLAIN,
                Stream.iterate(0, number -> number + 1)
                        .limit(layers)
                        .map(number -> layer("layer" + number, 1))
                        .toArray(Descriptor[]::new));

        assertThat(image.layers())
                .hasSize(layers)
                .allMatch(layer -> layer.step().isPresent() == fits);
        if (fits) {
            assertThat(image.layers())
                    .extracting(layer -> layer.step().orElseThrow().createdBy().orElseThrow())
                    .containsExactly("base", "app");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/vnd.dev.cosign.artifact.sig.v1+json, SIGNATURE",
        "application/vnd.cncf.notary.signature, SIGNATURE",
        "application/vnd.dev.sigstore.bundle.v0.3+json, SIGNATURE",
        "application/spdx+json, SBOM",
        "application/vnd.cyclonedx+json, SBOM",
        "application/vnd.in-toto+json, ATTESTATION",
        "application/vnd.oci.image.config.v1+json, OTHER"
    })
    void kindsAreKnownByTheirTypes(String type, ReferrerKind kind) {
        assertThat(ReferrerKind.of(type)).isEqualTo(kind);
    }
}
