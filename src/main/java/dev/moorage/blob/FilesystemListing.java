package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One page of keys: walks the two levels of folders in order, from the folder where the page before ended. */
final class FilesystemListing {

    private static final Pattern FOLDER = Pattern.compile("[0-9a-f]{2}");

    private final FileLayer files;
    private final Path root;
    private final String after;
    private final int limit;
    private final List<BlobKey> page = new ArrayList<>();

    FilesystemListing(FileLayer files, Path root, Optional<BlobKey> after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page holds 1 key or more");
        }
        this.files = files;
        this.root = root;
        this.after = after.map(BlobKey::value).orElse("");
        this.limit = limit;
    }

    List<BlobKey> page() throws IOException {
        for (String outer : foldersIn("blobs")) {
            for (String inner : foldersIn(outer)) {
                addKeysOf(inner);
                if (page.size() == limit) {
                    return page;
                }
            }
        }
        return page;
    }

    private List<String> foldersIn(String parent) throws IOException {
        return names(parent).stream()
                .filter(name -> FOLDER.matcher(name).matches())
                .map(name -> parent + '/' + name)
                .filter(folder -> folder.compareTo(after.substring(0, Math.min(folder.length(), after.length()))) >= 0)
                .sorted()
                .toList();
    }

    private void addKeysOf(String folder) throws IOException {
        names(folder).stream()
                .map(name -> folder + '/' + name)
                .filter(path -> path.compareTo(after) > 0)
                .sorted()
                .flatMap(path -> key(path).stream())
                .limit(limit - page.size())
                .forEach(page::add);
    }

    private List<String> names(String folder) throws IOException {
        Path path = root.resolve(folder);
        boolean walkable = files.look(path)
                .filter(entry -> entry.kind() == FileLayer.Kind.FOLDER)
                .isPresent();
        return walkable ? files.names(path) : List.of();
    }

    private static Optional<BlobKey> key(String path) {
        try {
            return Optional.of(new BlobKey(path));
        } catch (IllegalArgumentException somebodyElsesFile) {
            return Optional.empty();
        }
    }
}
