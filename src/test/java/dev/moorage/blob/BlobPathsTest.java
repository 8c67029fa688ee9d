package dev.moorage.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.name.BlobKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** No text leads out of the blob directory: it is no key, or its file lies three folders below the root. */
class BlobPathsTest {

    private static final Path ROOT = Path.of("/disk/store");
    private static final String UUID_TEXT = "abcdef01-0000-4000-8000-000000000001";

    private final BlobFolders folders = folders();

    @Property(tries = 5000)
    void hostileTextIsNoKeyOrStaysInside(@ForAll("hostile") String text) {
        key(text).ifPresent(key -> {
            Path file = folders.file(key);
            assertThat(file).startsWithRaw(ROOT.resolve("blobs"));
            assertThat(file.normalize()).isEqualTo(file);
            assertThat(file.getNameCount()).isEqualTo(ROOT.getNameCount() + 4);
            assertThat(text).matches("blobs/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f-]{36}");
        });
    }

    @Property(tries = 500)
    void everyKeyOfTheServerHasItsOwnFileInside(@ForAll long high, @ForAll long low) {
        BlobKey key = BlobKey.of(new UUID(high, low));

        assertThat(folders.file(key)).hasToString(ROOT + "/" + key.value());
    }

    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> part = Arbitraries.oneOf(
                Arbitraries.of(
                        "blobs",
                        "ab",
                        "cd",
                        "AB",
                        UUID_TEXT,
                        UUID_TEXT.toUpperCase(Locale.ROOT),
                        "..",
                        ".",
                        "",
                        "~",
                        "%2e%2e",
                        "..%2f",
                        "\\..",
                        "C:",
                        "etc",
                        "passwd",
                        "\0",
                        "\n",
                        UUID_TEXT + "\n",
                        UUID_TEXT + "\0.txt",
                        "\u2024\u2024",
                        "\uff0e\uff0e"),
                Arbitraries.strings().ofMaxLength(8));
        Arbitrary<String> joined = part.list().ofMaxSize(8).map(parts -> String.join("/", parts));
        Arbitrary<String> nearlyKeys = Arbitraries.strings()
                .withChars("abcdef0123456789-/.\\\0%\n")
                .ofMaxLength(3)
                .flatMap(insert -> Arbitraries.integers().between(0, 48).map(at -> new StringBuilder(
                                "blobs/ab/cd/" + UUID_TEXT)
                        .insert(at, insert)
                        .toString()));
        return Arbitraries.oneOf(joined, nearlyKeys, joined.map(text -> "blobs/ab/cd/" + text));
    }

    private static Optional<BlobKey> key(String text) {
        try {
            return Optional.of(new BlobKey(text));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    private static BlobFolders folders() {
        try {
            return new BlobFolders(ForgetfulDisk.with(ROOT), ROOT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
