package dev.moorage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinariesTest {

    @Test
    void binariesAreUnpackedOnceAndWhatACrashLeftIsNotTakenForThem(@TempDir Path cache) throws Exception {
        Files.createDirectories(cache.resolve("unpacking-1/bin"));
        Path first = Binaries.unpack(cache);
        assertThat(first.resolve("bin/postgres")).isExecutable();
        FileTime unpacked = Files.getLastModifiedTime(first.resolve("bin/postgres"));
        assertThat(Binaries.unpack(cache)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first.resolve("bin/postgres"))).isEqualTo(unpacked);
        try (Stream<Path> entries = Files.list(cache)) {
            assertThat(entries).containsExactlyInAnyOrder(first, cache.resolve("unpacking-1"));
        }
    }

    @Test
    void everyPlatformHasItsOwnArchive() {
        assertThat(Binaries.resourceName("Linux", "amd64")).isEqualTo("postgres-linux-x86_64.txz");
        assertThat(Binaries.resourceName("Linux", "aarch64")).isEqualTo("postgres-linux-arm_64.txz");
        assertThat(Binaries.resourceName("Mac OS X", "x86_64")).isEqualTo("postgres-darwin-x86_64.txz");
        assertThat(Binaries.resourceName("Mac OS X", "aarch64")).isEqualTo("postgres-darwin-arm_64.txz");
    }
}
