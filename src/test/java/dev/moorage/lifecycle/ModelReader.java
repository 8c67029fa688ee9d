package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.error.RegistryException.BlobUnknown;
import dev.moorage.error.RegistryException.ManifestUnknown;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.name.BlobBody;
import dev.moorage.name.Digest;
import dev.moorage.name.Reference;
import dev.moorage.registry.FoundBlob;
import dev.moorage.registry.FoundManifest;
import dev.moorage.registry.RegistryHarness;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;

/** Reads back as a client does; whatever is answered has to be whole, and nothing may be lost. */
final class ModelReader {

    private ModelReader() {}

    /** The manifest, if the registry knows it; its bytes are those of its digest. */
    static Optional<Digest> manifest(RegistryHarness replica, String repository, Reference reference) {
        try {
            FoundManifest found = replica.pulls().manifest(TestGrants.to(repository), reference);
            Digest digest = Digest.ofBytes(Digest.Algorithm.SHA256, found.payload());
            if (!digest.equals(found.digest())) {
                throw new AssertionError("%s in %s is not what it says: %s".formatted(reference, repository, digest));
            }
            return Optional.of(digest);
        } catch (ManifestUnknown | NameUnknown _) {
            return Optional.empty();
        }
    }

    /** Whether the registry shows the blob; if so, all its bytes stream. */
    static boolean blob(RegistryHarness replica, String repository, Digest digest) {
        Grant grant = TestGrants.to(repository);
        FoundBlob found;
        try {
            found = replica.pulls().blob(grant, digest);
        } catch (BlobUnknown | NameUnknown _) {
            return false;
        }
        byte[] bytes = bytes(replica.pulls().read(grant, found, Optional.empty()));
        if (!Digest.ofBytes(Digest.Algorithm.SHA256, bytes).equals(digest)) {
            throw new AssertionError("the bytes of %s in %s are others".formatted(digest, repository));
        }
        return true;
    }

    /** Whether a pusher is told that the blob is there. */
    static boolean head(RegistryHarness replica, String repository, Digest digest) {
        try {
            return replica.pulls().blobHead(TestGrants.to(repository), digest).size() > 0;
        } catch (BlobUnknown | NameUnknown _) {
            return false;
        }
    }

    private static byte[] bytes(BlobBody body) {
        try {
            return switch (body) {
                case BlobBody.FileRegion file -> {
                    byte[] all = Files.readAllBytes(file.file());
                    yield Arrays.copyOfRange(all, (int) file.offset(), (int) (file.offset() + file.length()));
                }
                case BlobBody.Bytes whole -> whole.bytes();
                case BlobBody.Stream stream -> {
                    try (InputStream in = stream.bytes()) {
                        yield in.readAllBytes();
                    }
                }
                case BlobBody.Redirect _ -> throw new AssertionError("nobody asked for redirects");
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
