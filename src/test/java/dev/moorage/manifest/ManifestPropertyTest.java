package dev.moorage.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.error.RegistryException.ManifestInvalid;
import dev.moorage.name.Descriptor;
import dev.moorage.name.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ManifestPropertyTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Property
    void manifestIsReadAsItWasMeant(@ForAll("manifests") GeneratedManifest generated) {
        Manifest parsed = parse(generated.bytes());

        assertThat(parsed).isEqualTo(generated.manifest());
        assertThat(Manifest.parse(
                        generated.bytes(), Optional.of(generated.manifest().mediaType()), ManifestLimits.STANDARD))
                .isEqualTo(parsed);
    }

    @Property
    void everyDigestIsAskedForAtMostOnce(@ForAll("manifests") GeneratedManifest generated) {
        Manifest parsed = parse(generated.bytes());

        assertThat(parsed.requiredBlobs()).extracting(Descriptor::digest).doesNotHaveDuplicates();
        assertThat(parsed.children()).extracting(Descriptor::digest).doesNotHaveDuplicates();
        assertThat(parsed.totalSize()).isNotNegative();
    }

    @Property
    void truncatedManifestIsRefused(@ForAll("manifests") GeneratedManifest generated, @ForAll Random random) {
        byte[] truncated = Arrays.copyOf(generated.bytes(), random.nextInt(generated.bytes().length));

        assertThat(isRefused(truncated)).isTrue();
    }

    @Property(tries = 2000)
    void mutatedManifestIsReadOrRefused(@ForAll("manifests") GeneratedManifest generated, @ForAll Random random)
            throws IOException {
        byte[] mutated = mutate(generated.bytes(), random);

        if (!isRefused(mutated)) {
            // What is accepted is JSON to another reader too.
            assertThat(MAPPER.readTree(new String(mutated, StandardCharsets.UTF_8))
                            .isObject())
                    .isTrue();
            assertThat(new HashSet<>(parse(mutated).requiredBlobs()))
                    .hasSameSizeAs(parse(mutated).requiredBlobs());
        }
    }

    @Property
    void anyTextIsReadOrRefused(@ForAll("hostile") String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThat(isRefused(bytes) || parse(bytes).totalSize() >= 0).isTrue();
        assertThat(ConfigFacts.read(bytes)).isNotNull();
    }

    @Property
    void anyBytesAreNoReasonToFailForFacts(@ForAll byte[] bytes) {
        assertThat(ConfigFacts.read(bytes).labels()).startsWith("{");
    }

    @Provide
    Arbitrary<GeneratedManifest> manifests() {
        return GeneratedManifest.any();
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"",
                        "\\u0000",
                        "\\",
                        "null",
                        "-",
                        "0",
                        "1e9",
                        " ",
                        "\n",
                        "é",
                        "\"schemaVersion\":2",
                        "\"mediaType\":\"" + MediaType.OCI_INDEX + "\"",
                        "\"manifests\":[]",
                        "\"config\":{}",
                        "\"layers\":[",
                        "\"annotations\":{\"a\":\"b\"}",
                        "\"size\":5",
                        "/*")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join("", parts));
    }

    private static Manifest parse(byte[] bytes) {
        return Manifest.parse(bytes, Optional.empty(), ManifestLimits.STANDARD);
    }

    /** Every other exception goes through and fails the test. */
    private static boolean isRefused(byte[] bytes) {
        try {
            parse(bytes);
            return false;
        } catch (ManifestInvalid refusal) {
            assertThat(refusal.detail()).containsKey("reason");
            return true;
        }
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        byte[] favourites = "{}[]\",:\\-e0 \n".getBytes(StandardCharsets.UTF_8);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            mutated[random.nextInt(mutated.length)] =
                    random.nextBoolean() ? (byte) random.nextInt() : favourites[random.nextInt(favourites.length)];
        }
        if (random.nextInt(4) == 0) {
            int cut = random.nextInt(mutated.length);
            byte[] spliced = Arrays.copyOf(mutated, mutated.length + cut);
            System.arraycopy(mutated, 0, spliced, mutated.length, cut);
            return spliced;
        }
        return mutated;
    }
}
