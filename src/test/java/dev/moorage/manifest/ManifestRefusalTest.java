package dev.moorage.manifest;

import static dev.moorage.manifest.ManifestText.INDEX;
import static dev.moorage.manifest.ManifestText.LAYER;
import static dev.moorage.manifest.ManifestText.OCI;
import static dev.moorage.manifest.ManifestText.assertRefused;
import static dev.moorage.manifest.ManifestText.config;
import static dev.moorage.manifest.ManifestText.descriptor;
import static dev.moorage.manifest.ManifestText.image;
import static dev.moorage.manifest.ManifestText.imageOf;
import static dev.moorage.manifest.ManifestText.index;
import static dev.moorage.manifest.ManifestText.layer;
import static dev.moorage.manifest.ManifestText.parse;
import static dev.moorage.manifest.ManifestText.refusal;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.error.RegistryException.ManifestTooLarge;
import dev.moorage.name.MediaType;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestRefusalTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``      | empty",
                "` \n`   | empty",
                "[]      | not a JSON object",
                "null    | not a JSON object",
                "2       | not a JSON object",
                "`\"{}\"`  | not a JSON object",
            })
    void textThatIsNoObjectIsRefused(String text, String reason) {
        assertRefused(text, "", reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{",
                "{\"a\":1,}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":[1,]}",
                "{\"a\":[,1]}",
                "{\"a\":tru}",
                "{/**/}",
                "#\n{}",
                "{\"a\":1]",
                "\u00a0{}",
                "{}\u0000"
            })
    void textThatIsNoJsonIsRefusedWithThePlace(String text) {
        assertThat(refusal(text.getBytes(UTF_8), Optional.empty()).detail())
                .containsEntry("reason", "the manifest is not valid JSON")
                .containsKeys("line", "column");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "1", "null", "\"\""})
    void bytesBehindTheLastBraceAreRefused(String trailing) {
        assertRefused(image("") + trailing, "", "follows");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        assertRefused(image(",\"a\":\"ä\"").getBytes(ISO_8859_1), Optional.empty(), "", "UTF-8");
        assertRefused("{\"a\":\"\u00c0\u00af\"}".getBytes(ISO_8859_1), Optional.empty(), "", "UTF-8");
        assertRefused("{\"a\":\"\u00ed\u00a0\u0080\"}".getBytes(ISO_8859_1), Optional.empty(), "", "UTF-8");
        assertThat(refusal(image("").getBytes(UTF_16BE), Optional.empty())).isNotNull();
    }

    @Test
    void byteOrderMarkIsRefused() {
        assertRefused("\ufeff" + image(""), "", "byte order mark");
    }

    @Test
    void nameThatOccursTwiceIsRefusedAtAnyDepth() {
        assertRefused(image(",\"layers\":[]"), "/layers", "twice");
        assertRefused(image(",\"x\":[{\"y\":{\"a~/b\":1,\"a~\\u002fb\":2}}]"), "/x/0/y/a~0~1b", "twice");
        assertRefused(image(",\"annotations\":{\"a\":\"1\",\"\\u0061\":\"2\"}"), "/annotations/a", "twice");
        assertRefused(imageOf(layer("5").replace("}", ",\"size\":5}"), ""), "/layers/0/size", "twice");
    }

    @Test
    void nestingIsAcceptedTo32LevelsAndNotTo33() {
        assertThat(parse(image(",\"x\":" + nested(31)))).isEqualTo(parse(image("")));

        assertRefused(image(",\"x\":" + nested(32)), "/x" + "/0".repeat(31), "deeper than 32");
    }

    @Test
    void descriptorsAreAcceptedTo10000AndNotTo10001() {
        assertThat(parse(index(layers(10_000), "")).requiredBlobs()).hasSize(10_000);
        assertThat(parse(imageOf(layers(9_999), "")).requiredBlobs()).hasSize(10_000);

        assertRefused(index(layers(10_001), ""), "/manifests/10000", "at most 10000 descriptors");
        assertRefused(imageOf(layers(10_000), ""), "/layers/9999", "at most 10000 descriptors");
        assertRefused(index(layers(10_000), ",\"subject\":" + config()), "/subject", "at most 10000 descriptors");
    }

    @Test
    void manifestIsAcceptedTo4MebibytesAndNotAbove() {
        byte[] whole = Arrays.copyOf(image("").getBytes(UTF_8), 4 * 1024 * 1024);
        Arrays.fill(whole, image("").length(), whole.length, (byte) ' ');

        assertThat(parse(whole, Optional.empty())).isEqualTo(parse(image("")));
        assertThatThrownBy(() -> parse(Arrays.copyOf(whole, whole.length + 1), Optional.empty()))
                .isInstanceOf(ManifestTooLarge.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3", "2.0", "2e0", "\"2\"", "null", "true", "[2]", "99999999999999999999"})
    void schemaVersionOtherThanTwoIsRefused(String version) {
        assertRefused(
                image("").replace("\"schemaVersion\":2", "\"schemaVersion\":" + version), "/schemaVersion", "is 2");
    }

    @Test
    void missingSchemaVersionIsRefused() {
        assertRefused(image("").replace("\"schemaVersion\":2,", ""), "/schemaVersion", "is 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "prettyjws"})
    void manifestOfSchema1IsRefused(String suffix) {
        String type = "application/vnd.docker.distribution.manifest.v1+" + suffix;

        assertRefused("{\"schemaVersion\":1}".getBytes(UTF_8), MediaType.parse(type), "/mediaType", "schema 1");
        assertRefused(image("").replace(OCI, type), "/mediaType", "schema 1");
    }

    @Test
    void unknownTypeIsRefusedByItsName() {
        String type = "application/vnd.example.manifest+json";

        assertThat(refusal(image("").replace(OCI, type).getBytes(UTF_8), Optional.empty())
                        .detail())
                .containsEntry("found", type);
        assertThat(refusal("{}".getBytes(UTF_8), MediaType.parse(type)).detail())
                .containsEntry("found", type);
    }

    @Test
    void contentTypeThatIsNotTheFieldIsRefused() {
        assertRefused(image("").getBytes(UTF_8), Optional.of(MediaType.OCI_INDEX), "/mediaType", "differ");
        assertRefused(image("").getBytes(UTF_8), Optional.of(MediaType.DOCKER_MANIFEST), "/mediaType", "differ");
    }

    @Test
    void manifestThatNothingGivesATypeIsRefused() {
        byte[] text = image("").replace("\"mediaType\":\"" + OCI + "\",", "").getBytes(UTF_8);

        assertRefused(text, Optional.empty(), "/mediaType", "neither");
        assertRefused(text, MediaType.parse("application/json"), "/mediaType", "neither");
        assertRefused(text, Optional.of(MediaType.DOCKER_MANIFEST), "/mediaType", "has the field mediaType");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "{}", "[\"a/b\"]", "true"})
    void typeThatIsNoTextIsRefused(String type) {
        assertRefused(image("").replace("\"" + OCI + "\"", type), "/mediaType", "a text is expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "{}", "5"})
    void manifestsBesideLayersOrConfigAreRefused(String value) {
        assertRefused(image(",\"manifests\":" + value), "/manifests", "has no manifests");
        assertRefused(index("", ",\"layers\":" + value), "/layers", "has no layers");
        assertRefused(index("", ",\"config\":" + value), "/config", "has no config");
        assertRefused(image("").replace(OCI, INDEX), "/layers", "has no layers");
    }

    @Test
    void artifactManifestWithMembersOfAnotherKindIsRefused() {
        String text = "{\"mediaType\":\"" + MediaType.OCI_ARTIFACT + "\",\"blobs\":[],\"layers\":[]}";

        assertRefused(text, "/layers", "has no layers");
    }

    @Test
    void missingConfigLayersOrManifestsAreRefused() {
        String start = "{\"schemaVersion\":2,\"mediaType\":\"";

        assertRefused(start + OCI + "\",\"layers\":[]}", "/config", "has a config");
        assertRefused(start + OCI + "\",\"config\":null,\"layers\":[]}", "/config", "has a config");
        assertRefused(start + OCI + "\",\"config\":" + config() + "}", "/layers", "has layers");
        assertRefused(start + INDEX + "\"}", "/manifests", "has manifests");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "\"a\"", "5", "true"})
    void listThatIsNoArrayIsRefused(String value) {
        assertRefused(image("").replace("[" + layer("5") + "]", value), "/layers", "an array");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-1", "-0", "9223372036854775808", "1e3", "1.0", "\"5\"", "null", "true", "[5]", "{\"size\":5}"})
    void sizeThatIsNoNumberOfBytesIsRefused(String size) {
        assertRefused(imageOf(layer(size), ""), "/layers/0/size", "a size is an integer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "9223372036854775807"})
    void sizeIsAcceptedFromZeroToTheLargestNumber(String size) {
        assertThat(((ImageManifest) parse(imageOf(layer(size), "")))
                        .layers()
                        .getFirst()
                        .descriptor()
                        .size())
                .isEqualTo(Long.parseLong(size));
    }

    @Test
    void oneDigestWithTwoSizesIsRefused() {
        assertRefused(imageOf(layer("5") + "," + layer("6"), ""), "", "two sizes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256:",
                "sha256:baddigeststring",
                "md5:d41d8cd98f00b204e9800998ecf8427e",
                "sha256:../..",
                "SHA256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                "sha256:2C26B46B68FFC68FF99B453C1D30413413422D706483BFA0F98A5E886266E7AE"
            })
    void digestThatIsNotRegisteredIsRefused(String digest) {
        assertRefused(image("").replace(LAYER.toString(), digest), "/layers/0/digest", "not a digest");
        assertRefused(
                image(",\"subject\":" + descriptor(OCI, LAYER, "5").replace(LAYER.toString(), digest)),
                "/subject/digest",
                "not a digest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mediaType", "digest", "size"})
    void descriptorWithoutARequiredMemberIsRefused(String name) {
        assertRefused(
                imageOf(layer("5").replace("\"" + name + "\"", "\"other\""), ""),
                "/layers/0",
                "a descriptor has a " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "5", "\"a\"", "[]"})
    void descriptorThatIsNoObjectIsRefused(String value) {
        assertRefused(imageOf(layer("5") + "," + value, ""), "/layers/1", "a descriptor is an object");
    }

    @Test
    void mediaTypesAreAcceptedTo255CharactersAndNotTo256() {
        String longest = "a/" + "b".repeat(253);

        assertThat(parse(image(",\"artifactType\":\"" + longest + "\"")).artifactType())
                .contains(longest);
        assertThat(parse(imageOf(descriptor(longest, LAYER, "5"), "")).requiredBlobs())
                .hasSize(2);

        assertRefused(image(",\"artifactType\":\"" + longest + "b\""), "/artifactType", "255");
        assertRefused(imageOf(descriptor(longest + "b", LAYER, "5"), ""), "/layers/0/mediaType", "255");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "a/b/c", "a /b", "/b", "a/", "ä/b", "a/b;c=d", "a/b\\u0000"})
    void artifactTypeThatIsNoMediaTypeIsRefused(String type) {
        assertRefused(image(",\"artifactType\":\"" + type + "\""), "/artifactType", "not a media type");
    }

    @Test
    void embeddedDataThatIsNotTheContentIsRefused() {
        assertRefused(withData("5", "layex"), "/layers/0/data", "another digest");
        assertRefused(withData("4", "layer"), "/layers/0/data", "another length");
        assertRefused(imageOf(layer("5").replace("}", ",\"data\":\"b~~\"}"), ""), "/layers/0/data", "base64");
        assertRefused(imageOf(layer("5").replace("}", ",\"data\":[1]}"), ""), "/layers/0/data", "a text");
    }

    @Test
    void membersOfTheWrongShapeAreRefusedWhereTheyLie() {
        assertRefused(image(",\"annotations\":[]"), "/annotations", "object of texts");
        assertRefused(image(",\"annotations\":{\"a\":null}"), "/annotations/a", "is a text");
        assertRefused(image(",\"subject\":\"" + LAYER + "\""), "/subject", "a descriptor is an object");
        assertRefused(imageOf(layer("5").replace("}", ",\"urls\":[5]}"), ""), "/layers/0/urls/0", "a text");
        assertRefused(imageOf(layer("5").replace("}", ",\"urls\":{}}"), ""), "/layers/0/urls", "an array");
        assertRefused(index(layer("5").replace("}", ",\"platform\":5}"), ""), "/manifests/0/platform", "object");
    }

    @Test
    void refusalRepeatsStrangersWordsCutAndPrintable() {
        String name = "\\ud800\\u0000ä".repeat(1000);

        String pointer = refusal(("{\"" + name + "\":1,\"" + name + "\":2}").getBytes(UTF_8), Optional.empty())
                .detail()
                .get("pointer")
                .toString();

        assertThat(pointer).hasSizeLessThan(256).matches("[ -~]*");
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    private static String layers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> descriptor("application/x.y", ManifestText.digest("layer " + i), "1"))
                .collect(Collectors.joining(","));
    }

    private static String withData(String size, String data) {
        String base64 = Base64.getEncoder().encodeToString(data.getBytes(UTF_8));
        return imageOf(layer(size).replace("}", ",\"data\":\"" + base64 + "\"}"), "");
    }
}
