package dev.moorage.lifecycle;

import dev.moorage.blob.BlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.blob.VerifyingWriter;
import dev.moorage.lifecycle.Finding.DigestDiffers;
import dev.moorage.lifecycle.Finding.ObjectAbsent;
import dev.moorage.lifecycle.Finding.SizeDiffers;
import dev.moorage.lifecycle.Finding.Unreadable;
import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.BlobRowStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Compares one blob's row with its object.
 *
 * <p>The row was read some time ago. What is wrong is looked at twice, and then the row once more: keys are never used again,
 * so a row that still names the object has named it all the time.
 */
@ApplicationScoped
class BlobCheck {

    private final Transactions transactions;
    private final BlobRowStore rows;
    private final BlobStore blobs;

    BlobCheck(Transactions transactions, BlobRowStore rows, BlobStore blobs) {
        this.transactions = transactions;
        this.rows = rows;
        this.blobs = blobs;
    }

    /** Whether the object is there, and of the right size. */
    Optional<Finding> stored(BlobRow row) {
        return presence(row).flatMap(_ -> presence(row)).filter(_ -> stillNamed(row));
    }

    /**
     * Whether the object holds the right bytes.
     *
     * @param hashed told how many more bytes were read
     */
    Optional<Finding> content(BlobRow row, LongConsumer hashed) {
        return bytes(row, hashed).flatMap(_ -> bytes(row, hashed)).filter(_ -> stillNamed(row));
    }

    private Optional<Finding> presence(BlobRow row) {
        OptionalLong stored = blobs.stat(row.key());
        if (stored.isEmpty()) {
            return Optional.of(new ObjectAbsent(row));
        }
        return stored.getAsLong() == row.size()
                ? Optional.empty()
                : Optional.of(new SizeDiffers(row, stored.getAsLong()));
    }

    private Optional<Finding> bytes(BlobRow row, LongConsumer hashed) {
        try {
            Digest stored = VerifyingWriter.rehash(
                    blobs, row.key(), row.size(), row.digest().algorithm(), new Growth(hashed));
            return stored.equals(row.digest()) ? Optional.empty() : Optional.of(new DigestDiffers(row, stored));
        } catch (StoreFailure e) {
            // A store that is away fails here once more; one that answers has a blob that it cannot give.
            return presence(row).or(() -> Optional.of(new Unreadable(row, e.getMessage())));
        }
    }

    private boolean stillNamed(BlobRow row) {
        return transactions.read(tx -> rows.find(tx, row.digest())).equals(Optional.of(row));
    }

    /** Turns how many bytes there were so far into how many more. */
    private static final class Growth implements LongConsumer {
        private final LongConsumer more;
        private long before;

        Growth(LongConsumer more) {
            this.more = more;
        }

        @Override
        public void accept(long soFar) {
            more.accept(soFar - before);
            before = soFar;
        }
    }
}
