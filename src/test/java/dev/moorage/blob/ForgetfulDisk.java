package dev.moorage.blob;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * A disk in memory that keeps, when the power goes, exactly what was flushed: the entries of a folder by a flush of that
 * folder, the bytes of a file by a flush of that file, and nothing by any other way.
 */
final class ForgetfulDisk implements FileLayer {

    private final Folder top = new Folder();
    private final List<String> flushes = new ArrayList<>();
    private final Set<Long> taken = new HashSet<>();
    private OptionalInt suppressed = OptionalInt.empty();

    /** A disk that durably holds one folder. */
    static ForgetfulDisk with(Path folder) {
        ForgetfulDisk disk = new ForgetfulDisk();
        Folder at = disk.top;
        for (Path name : folder) {
            Folder below = new Folder();
            at.entries.put(name.toString(), below);
            at.flush();
            at = below;
        }
        return disk;
    }

    /** Forgets the record of flushes and lets the one of this number, counted from now, do nothing. */
    void suppressFlush(int number) {
        flushes.clear();
        suppressed = OptionalInt.of(number);
    }

    /** Forgets the record of flushes. */
    void recordFlushes() {
        flushes.clear();
        suppressed = OptionalInt.empty();
    }

    /** What was flushed, in order. */
    List<String> flushes() {
        return List.copyOf(flushes);
    }

    /** Takes the power away and gives it back. */
    void cutPower() {
        top.forget();
    }

    /** The bytes of a file; empty where it is gone. */
    Optional<byte[]> bytes(Path file) {
        return node(file).filter(DiskFile.class::isInstance).map(node -> {
            DiskFile found = (DiskFile) node;
            return Arrays.copyOf(found.bytes, found.bytes.length);
        });
    }

    private boolean goesThrough(Path path) {
        flushes.add(path.toString());
        return suppressed.isEmpty() || suppressed.getAsInt() != flushes.size() - 1;
    }

    private Optional<Node> node(Path path) {
        Optional<Node> at = Optional.of(top);
        for (Path name : path) {
            at = at.filter(Folder.class::isInstance)
                    .flatMap(node -> Optional.ofNullable(((Folder) node).entries.get(name.toString())));
        }
        return at;
    }

    private Folder folder(Path path) throws NoSuchFileException {
        return node(path)
                .filter(Folder.class::isInstance)
                .map(Folder.class::cast)
                .orElseThrow(() -> new NoSuchFileException(path.toString()));
    }

    @Override
    public Optional<Entry> look(Path path) {
        return node(path).map(node -> switch (node) {
            case Folder folder -> new Entry(Kind.FOLDER, folder.entries.size());
            case DiskFile file -> new Entry(Kind.FILE, file.bytes.length);
        });
    }

    @Override
    public List<String> names(Path path) throws IOException {
        return List.copyOf(folder(path).entries.keySet());
    }

    @Override
    public void createFolder(Path path) throws IOException {
        folder(path.getParent()).entries.putIfAbsent(path.getFileName().toString(), new Folder());
    }

    @Override
    public void forceFolder(Path path) throws IOException {
        Folder folder = folder(path);
        if (goesThrough(path)) {
            folder.flush();
        }
    }

    @Override
    public OpenFile create(Path path) throws IOException {
        Node node = folder(path.getParent())
                .entries
                .computeIfAbsent(path.getFileName().toString(), name -> new DiskFile());
        return new Handle(path, (DiskFile) node);
    }

    @Override
    public Optional<OpenFile> open(Path path) {
        return node(path).map(node -> new Handle(path, (DiskFile) node));
    }

    @Override
    public void delete(Path path) throws IOException {
        folder(path.getParent()).entries.remove(path.getFileName().toString());
    }

    @Override
    public Locks locks(Path path) {
        return place -> taken.add(place) ? Optional.of((Closeable) () -> taken.remove(place)) : Optional.empty();
    }

    private sealed interface Node {
        void forget();
    }

    private static final class Folder implements Node {

        private final Map<String, Node> entries = new TreeMap<>();
        private Map<String, Node> flushed = new HashMap<>();

        void flush() {
            flushed = new HashMap<>(entries);
        }

        @Override
        public void forget() {
            entries.clear();
            entries.putAll(flushed);
            entries.values().forEach(Node::forget);
        }
    }

    private static final class DiskFile implements Node {

        private byte[] bytes = new byte[0];
        private byte[] flushed = new byte[0];

        @Override
        public void forget() {
            bytes = flushed;
        }
    }

    private final class Handle implements OpenFile {

        private final Path path;
        private final DiskFile file;

        Handle(Path path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public void truncate(long size) {
            file.bytes = Arrays.copyOf(file.bytes, (int) Math.min(size, file.bytes.length));
        }

        @Override
        public void write(ByteBuffer source, long position) {
            int end = (int) position + source.remaining();
            byte[] grown = Arrays.copyOf(file.bytes, Math.max(end, file.bytes.length));
            source.get(grown, (int) position, source.remaining());
            file.bytes = grown;
        }

        @Override
        public void force() {
            if (goesThrough(path)) {
                file.flushed = file.bytes.clone();
            }
        }

        @Override
        public void close() {
            // The bytes stay with the kernel.
        }
    }
}
