package dev.moorage.manifest;

import static dev.moorage.manifest.ManifestText.CONFIG;
import static dev.moorage.manifest.ManifestText.LAYER;
import static dev.moorage.manifest.ManifestText.config;
import static dev.moorage.manifest.ManifestText.descriptor;
import static dev.moorage.manifest.ManifestText.digest;
import static dev.moorage.manifest.ManifestText.image;
import static dev.moorage.manifest.ManifestText.imageOf;
import static dev.moorage.manifest.ManifestText.index;
import static dev.moorage.manifest.ManifestText.layer;
import static dev.moorage.manifest.ManifestText.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.name.Descriptor;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

    @Test
    void imageManifestNamesItsConfigurationAndLayers() {
        Manifest manifest = parse(image(""));

        assertThat(manifest.mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
        assertThat(manifest.requiredBlobs()).extracting(Descriptor::digest).containsExactly(CONFIG, LAYER);
        assertThat(manifest.children()).isEmpty();
        assertThat(manifest.totalSize()).isEqualTo(11);
        assertThat(manifest.subject()).isEmpty();
        assertThat(manifest.annotations()).isEqualTo(Annotations.NONE);
    }

    @Test
    void parametersOnADescriptorsTypeAreAccepted() {
        String layer = descriptor("application/vnd.dev.sigstore.bundle+json;version=0.2", LAYER, "5");

        assertThat(parse(imageOf(layer, "")).requiredBlobs())
                .extracting(Descriptor::mediaType)
                .contains(new MediaType("application/vnd.dev.sigstore.bundle+json"));
    }

    @Test
    void dockerImageManifestIsReadLikeAnOciOne() {
        String text = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.DOCKER_MANIFEST + "\",\"config\":"
                + descriptor(MediaType.DOCKER_CONFIG.value(), CONFIG, "6") + ",\"layers\":[" + layer("5") + "]}";

        Manifest manifest = parse(text);

        assertThat(manifest.mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST);
        assertThat(manifest.artifactType()).contains(MediaType.DOCKER_CONFIG.value());
        assertThat(manifest.requiredBlobs()).hasSize(2);
    }

    @Test
    void layerListedTwiceIsRequiredAndCountedOnce() {
        Manifest manifest = parse(imageOf(layer("5") + "," + layer("5"), ""));

        assertThat(manifest.requiredBlobs()).extracting(Descriptor::digest).containsExactly(CONFIG, LAYER);
        assertThat(manifest.totalSize()).isEqualTo(11);
        assertThat(((ImageManifest) manifest).layers()).hasSize(2);
    }

    @Test
    void imageManifestMayHaveNoLayer() {
        assertThat(parse(imageOf("", "")).requiredBlobs())
                .extracting(Descriptor::digest)
                .containsExactly(CONFIG);
    }

    @Test
    void listThatIsNullIsAnEmptyList() {
        String text = image("").replace("[" + layer("5") + "]", "null");

        assertThat(parse(text).requiredBlobs()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                "application/vnd.oci.image.layer.nondistributable.v1.tar",
                "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
                "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"
            })
    void foreignLayerIsNotDemandedAndKeepsItsAddresses(String type) {
        String foreign = descriptor(type, digest("foreign"), "7")
                .replace("}", ",\"urls\":[\"https://store.example.com/blobs/1\"]}");

        ImageManifest manifest = (ImageManifest) parse(imageOf(foreign + "," + layer("5"), ""));

        assertThat(manifest.requiredBlobs()).extracting(Descriptor::digest).containsExactly(CONFIG, LAYER);
        assertThat(manifest.totalSize()).isEqualTo(18);
        assertThat(manifest.layers().getFirst().urls()).containsExactly("https://store.example.com/blobs/1");
    }

    @Test
    void emptyDescriptorIsABlobLikeAnyOther() {
        Digest empty = digest("{}");
        String text = image("").replace(config(), descriptor(MediaType.OCI_EMPTY.value(), empty, "2"));

        assertThat(parse(text).requiredBlobs()).extracting(Descriptor::digest).containsExactly(empty, LAYER);
    }

    @Test
    void indexNamesItsChildrenWithTheirPlatforms() {
        String child = descriptor(ManifestText.OCI, digest("child"), "100")
                .replace(
                        "}",
                        ",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\","
                                + "\"os.features\":[\"x\"],\"os.version\":\"6\"}}");
        String nested = descriptor(ManifestText.INDEX, digest("nested"), "50");

        Index manifest = (Index) parse(index(child + "," + nested, ""));

        assertThat(manifest.children())
                .extracting(Descriptor::digest)
                .containsExactly(digest("child"), digest("nested"));
        assertThat(manifest.requiredBlobs()).isEmpty();
        assertThat(manifest.totalSize()).isEqualTo(150);
        assertThat(manifest.artifactType()).isEmpty();
        assertThat(manifest.manifests())
                .extracting(Child::platform)
                .containsExactly(
                        Optional.of(new Platform(
                                Optional.of("linux"), Optional.of("arm64"), Optional.of("v8"), Optional.of("6"))),
                        Optional.empty());
    }

    @Test
    void platformThatCannotBeShownIsLeftOut() {
        String child = descriptor(ManifestText.OCI, digest("child"), "1")
                .replace("}", ",\"platform\":{\"os\":\"a\\u0000\",\"architecture\":5,\"variant\":{\"os\":\"x\"}}}");

        assertThat(((Index) parse(index(child, ""))).manifests().getFirst().platform())
                .contains(new Platform(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void indexMayBeEmpty() {
        assertThat(parse(index("", "")).children()).isEmpty();
    }

    @Test
    void entryOfAnIndexThatIsNoManifestIsABlob() {
        Manifest cache =
                parse(index(layer("5") + "," + descriptor("application/vnd.buildkit.cacheconfig.v0", CONFIG, "6"), ""));

        assertThat(cache.children()).isEmpty();
        assertThat(cache.requiredBlobs()).extracting(Descriptor::digest).containsExactly(LAYER, CONFIG);
    }

    @Test
    void dockerManifestListIsAnIndex() {
        String text = index(descriptor(MediaType.DOCKER_MANIFEST.value(), LAYER, "5"), "")
                .replace(ManifestText.INDEX, MediaType.DOCKER_MANIFEST_LIST.value());

        assertThat(parse(text).children()).hasSize(1);
    }

    @Test
    void artifactManifestNamesItsBlobsAndNeedsNoSchemaVersion() {
        String text = "{\"mediaType\":\"" + MediaType.OCI_ARTIFACT + "\",\"artifactType\":\"application/x.sbom\","
                + "\"blobs\":[" + layer("5") + "],\"subject\":" + config() + "}";

        Manifest manifest = parse(text);

        assertThat(manifest).isInstanceOf(ArtifactManifest.class);
        assertThat(manifest.requiredBlobs()).extracting(Descriptor::digest).containsExactly(LAYER);
        assertThat(manifest.subject()).map(Descriptor::digest).contains(CONFIG);
        assertThat(manifest.artifactType()).contains("application/x.sbom");
        assertThat(parse("{\"mediaType\":\"" + MediaType.OCI_ARTIFACT + "\"}").requiredBlobs())
                .isEmpty();
    }

    @Test
    void artifactTypeIsTheFieldElseTheConfigurationsType() {
        assertThat(parse(image(",\"artifactType\":\"application/x.a\"")).artifactType())
                .contains("application/x.a");
        assertThat(parse(image(",\"artifactType\":\"\"")).artifactType()).contains(MediaType.OCI_CONFIG.value());
        assertThat(parse(image("")).artifactType()).contains(MediaType.OCI_CONFIG.value());
        assertThat(parse(index("", ",\"artifactType\":\"application/x.a\"")).artifactType())
                .contains("application/x.a");
    }

    @Test
    void subjectIsReadAndIsNeitherRequiredNorCounted() {
        Manifest manifest = parse(image(",\"subject\":" + descriptor(ManifestText.OCI, digest("subject"), "1000")));

        assertThat(manifest.subject()).map(Descriptor::digest).contains(digest("subject"));
        assertThat(manifest.requiredBlobs()).hasSize(2);
        assertThat(manifest.totalSize()).isEqualTo(11);
    }

    @Test
    void annotationsAreKeptAsTheyCame() {
        String json = "{ \"z\":\"\\u0000\", \"a\" : \"<script>\", \"m\":\"\\ud800\" }";

        Annotations annotations =
                parse(image(",\"annotations\": " + json + " ")).annotations();

        assertThat(annotations.json()).isEqualTo(json);
        assertThat(annotations.values())
                .containsExactly(Map.entry("z", "\0"), Map.entry("a", "<script>"), Map.entry("m", "\ud800"));
    }

    @Test
    void optionalMemberThatIsNullIsAbsent() {
        Manifest manifest = parse(image(",\"subject\":null,\"annotations\":null,\"artifactType\":null"));

        assertThat(manifest).isEqualTo(parse(image("")));
    }

    @Test
    void unknownMembersAreIgnored() {
        String custom = ",\"org.example\":[{\"size\":-1,\"layers\":{}}],\"blobs\":5";

        assertThat(parse(image(custom))).isEqualTo(parse(image("")));
    }

    @Test
    void embeddedDataThatIsTheContentIsAccepted() {
        String withData = layer("5").replace("}", ",\"data\":\"" + base64("layer") + "\"}");

        assertThat(parse(imageOf(withData, ""))).isEqualTo(parse(image("")));
    }

    @Test
    void sha512DescriptorsAreAccepted() {
        Digest sha512 = Digest.ofBytes(Digest.Algorithm.SHA512, new byte[3]);

        assertThat(parse(imageOf(descriptor("application/x.y", sha512, "3"), ""))
                        .requiredBlobs())
                .extracting(Descriptor::digest)
                .containsExactly(CONFIG, sha512);
    }

    @Test
    void whiteSpaceMayFollowTheLastBrace() {
        assertThat(parse(image("") + " \r\n\t ")).isEqualTo(parse(image("")));
    }

    @Test
    void contentTypeDecidesWhereAnOciManifestDoesNotSay() {
        byte[] text = image("")
                .replace("\"mediaType\":\"" + ManifestText.OCI + "\",", "")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(parse(text, MediaType.parseHeader(ManifestText.OCI + "; charset=utf-8"))
                        .mediaType())
                .isEqualTo(MediaType.OCI_MANIFEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/octet-stream", "application/x-www-form-urlencoded"})
    void fieldDecidesWhereContentTypeSaysNothing(String contentType) {
        byte[] text = index("", "").getBytes(StandardCharsets.UTF_8);

        assertThat(parse(text, MediaType.parse(contentType)).mediaType()).isEqualTo(MediaType.OCI_INDEX);
    }

    @Test
    void totalSizeStopsAtTheLargestNumber() {
        Manifest manifest =
                parse(imageOf(layer(Long.toString(Long.MAX_VALUE)) + "," + descriptor("a/b", digest("c"), "9"), ""));

        assertThat(manifest.totalSize()).isEqualTo(Long.MAX_VALUE);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
