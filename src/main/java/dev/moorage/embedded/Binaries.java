package dev.moorage.embedded;

import dev.moorage.config.Reflective;
import dev.moorage.config.StartupCheckFailed;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The PostgreSQL programs that this build carries, unpacked once below the data directory.
 *
 * <p>The cache lies in the data directory and not in a temporary or a shared one: a running server loads libraries from
 * it for weeks, and nothing cleans there. Its name holds the digest of the archive, so another build has another.
 */
@Reflective("the archive's name is that of the machine")
final class Binaries {

    private static final int OWNER_MAY_RUN = 0b001_000_000;

    private Binaries() {}

    /** The directory with {@code bin}, {@code lib} and {@code share}. */
    static Path unpack(Path cache) throws IOException {
        String resource = resourceName(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path unpacked = cache.resolve("postgresql-" + digest(resource));
        if (!Files.isDirectory(unpacked)) {
            Files.createDirectories(cache);
            Path unfinished = Files.createTempDirectory(cache, "unpacking-");
            try (InputStream archive = open(resource)) {
                extract(archive, unfinished);
                Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
                publish(unfinished, unpacked);
            } finally {
                Trees.delete(unfinished);
            }
        }
        return unpacked;
    }

    static String resourceName(String system, String architecture) {
        String os = system.toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String cpu =
                switch (architecture) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> architecture;
                };
        return "postgres-%s-%s.txz".formatted(os, cpu);
    }

    private static void publish(Path unfinished, Path unpacked) throws IOException {
        try {
            Files.move(unfinished, unpacked, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            // Another program with the same cache was first, and its copy is as good.
            if (!Files.isDirectory(unpacked)) {
                throw e;
            }
        }
    }

    private static void extract(InputStream archive, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new BufferedInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)), 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive holds a path outside of itself: " + entry.getName());
                }
                extract(tar, entry, path);
            }
        }
    }

    private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, path);
            boolean program = (entry.getMode() & OWNER_MAY_RUN) != 0;
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static InputStream open(String resource) {
        InputStream archive = Binaries.class.getResourceAsStream("/" + resource);
        if (archive == null) {
            throw new StartupCheckFailed(
                    "This build carries no PostgreSQL for this platform (%s): name a server in quarkus.datasource.jdbc.url."
                            .formatted(resource));
        }
        return archive;
    }

    private static String digest(String resource) throws IOException {
        try (InputStream archive = open(resource)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = archive.read(buffer); read >= 0; read = archive.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
