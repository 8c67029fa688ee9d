package dev.moorage.registry;

import dev.moorage.name.BlobKey;
import jakarta.inject.Singleton;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Gives the keys of new objects, at random, but some in a row in one folder.
 *
 * <p>A folder that is new is made, and flushed with those above it, before its first object is acknowledged; of 65,536 of them
 * nearly every object of a young registry would be the first. The price is that a key tells which were made about the same time.
 */
@Singleton
class BlobKeys {

    /** How many keys in a row share a folder: few enough that folders fill evenly. */
    static final int IN_A_ROW = 256;

    private static final long FOLDER = 0xffff_0000_0000_0000L;

    private final Supplier<UUID> randomness;
    private long folder;
    private int left;

    BlobKeys(Supplier<UUID> randomness) {
        this.randomness = randomness;
    }

    /** A key that was never given before. */
    BlobKey next() {
        UUID uuid = randomness.get();
        long high = folder(uuid) | (uuid.getMostSignificantBits() & ~FOLDER);
        return BlobKey.of(new UUID(high, uuid.getLeastSignificantBits()));
    }

    private synchronized long folder(UUID uuid) {
        if (left == 0) {
            folder = uuid.getMostSignificantBits() & FOLDER;
            left = IN_A_ROW;
        }
        left--;
        return folder;
    }
}
