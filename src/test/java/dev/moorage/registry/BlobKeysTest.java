package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.name.BlobKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BlobKeysTest {

    private static final int FOLDERS = 40;
    private static final int FOLDER_LENGTH = "blobs/ab/cd/".length();

    private final BlobKeys keys = new BlobKeys(UUID::randomUUID);

    @Test
    void keysInARowShareAFolderAndNoKeyIsGivenTwice() {
        List<String> given = Stream.generate(keys::next)
                .limit((long) FOLDERS * BlobKeys.IN_A_ROW)
                .map(BlobKey::value)
                .toList();
        assertThat(given).doesNotHaveDuplicates();
        for (int first = 0; first < given.size(); first += BlobKeys.IN_A_ROW) {
            assertThat(given.subList(first, first + BlobKeys.IN_A_ROW).stream().map(BlobKeysTest::folder))
                    .containsOnly(folder(given.get(first)));
        }
    }

    @Test
    void foldersAreChosenAtRandom() {
        Map<String, Long> folders = Stream.generate(keys::next)
                .limit((long) FOLDERS * BlobKeys.IN_A_ROW)
                .collect(Collectors.groupingBy(key -> folder(key.value()), Collectors.counting()));
        // Two of forty out of 65,536 are the same once in eighty times, and three of them hardly ever.
        assertThat(folders).hasSizeGreaterThanOrEqualTo(FOLDERS - 2);
        Set<String> above = new HashSet<>();
        folders.keySet().forEach(folder -> above.add(folder.substring(0, "blobs/ab".length())));
        assertThat(above).hasSizeGreaterThan(FOLDERS / 2);
    }

    private static String folder(String key) {
        return key.substring(0, FOLDER_LENGTH);
    }
}
