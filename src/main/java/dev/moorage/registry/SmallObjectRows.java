package dev.moorage.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.moorage.blob.SmallObjects;
import dev.moorage.blob.StoreFailure;
import dev.moorage.error.RegistryException;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.LookUps;
import dev.moorage.metadata.SmallObjectStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.BlobKey;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The small objects that the database keeps, and in memory those that were read or written last.
 *
 * <p>A key names the same bytes for ever. Whoever asks for one has just read it from the row of a blob, so that nothing is served
 * from memory that is not there any more, or not for the caller.
 */
@Singleton
class SmallObjectRows implements SmallObjects {

    /** This part of the greatest heap. */
    private static final int PART_OF_MEMORY = 16;

    /** About what an entry takes besides its bytes. */
    private static final int ENTRY_BYTES = 300;

    private final Transactions transactions;
    private final LookUps lookUps;
    private final SmallObjectStore store;
    private final Cache<BlobKey, byte[]> recent = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(Runtime.getRuntime().maxMemory() / PART_OF_MEMORY)
            .<BlobKey, byte[]>weigher((_, bytes) -> ENTRY_BYTES + bytes.length)
            .build();

    SmallObjectRows(Transactions transactions, LookUps lookUps, SmallObjectStore store) {
        this.transactions = transactions;
        this.lookUps = lookUps;
        this.store = store;
    }

    /** Keeps in memory what the database has just taken: a config is read when its manifest comes. */
    void written(BlobKey key, byte[] bytes) {
        recent.put(key, bytes);
    }

    @Override
    public Optional<byte[]> read(BlobKey key) {
        byte[] known = recent.getIfPresent(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<byte[]> found = asked(key, () -> lookUps.object(key));
        found.ifPresent(bytes -> recent.put(key, bytes));
        return found;
    }

    @Override
    public OptionalLong stat(BlobKey key) {
        return asked(key, () -> transactions.read(tx -> store.size(tx, key))).stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    @Override
    public void delete(BlobKey key) {
        asked(key, () -> transactions.call(Durability.POWER_CUT, tx -> store.delete(tx, key)));
        recent.invalidate(key);
    }

    /** A database that is away is that; one that answers has a row that it cannot give, as a store may have an object. */
    private static <T> T asked(BlobKey key, Supplier<T> question) {
        try {
            return question.get();
        } catch (RegistryException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StoreFailure("%s: %s".formatted(key, e.getMessage()), e);
        }
    }

    @Override
    public List<BlobKey> list(Optional<BlobKey> after, int limit) {
        return transactions.read(tx -> store.list(tx, after, limit));
    }
}
