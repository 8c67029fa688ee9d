package dev.moorage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Looks at directories in which another process makes and removes files. */
public final class TestFiles {

    private TestFiles() {}

    /** The sizes of all files of a directory, in bytes; what vanishes meanwhile is not there. */
    public static Map<Path, Long> sizes(Path directory) {
        Map<Path, Long> sizes = new LinkedHashMap<>();
        walk(directory, (file, attributes) -> sizes.put(file, attributes.size()), path -> {});
        return sizes;
    }

    /** The first file that the predicate likes. */
    static Optional<Path> find(Path directory, Predicate<Path> predicate) {
        return sizes(directory).keySet().stream().filter(predicate).findFirst();
    }

    /** Removes a directory with all that is in it. */
    static void delete(Path directory) {
        walk(directory, (file, attributes) -> remove(file), TestFiles::remove);
    }

    /** Copies a directory in which nothing happens, with owners, rights and times. */
    static void copy(Path directory, Path target) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.copy(
                        path,
                        target.resolve(directory.relativize(path)),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface OnFile {
        void accept(Path file, BasicFileAttributes attributes);
    }

    private interface OnDirectory {
        void accept(Path directory);
    }

    private static void walk(Path directory, OnFile onFile, OnDirectory afterDirectory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    onFile.accept(file, attributes);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) {
                    afterDirectory.accept(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
