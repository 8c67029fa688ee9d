package dev.moorage.metadata;

import dev.moorage.name.BlobKey;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Objects of the store that are to go. */
@Singleton
public class TombstoneStore {

    private static final String NEW_TOMBSTONE = """
            INSERT INTO tombstone (storage_key, multipart_upload_id, size, not_before, why)
            VALUES (?, ?, ?, now() + ? * interval '1 second', ?)
            """;

    private static final String NEW_TOMBSTONE_UNLESS_THERE = NEW_TOMBSTONE + "ON CONFLICT (storage_key) DO NOTHING";

    // The next attempt is put off before the object is touched: a worker that dies leaves the row to the next one.
    // An array, for a limit inside a join could be run, and lock rows, more than once.
    private static final String TAKE_DUE = """
            UPDATE tombstone
            SET attempts = attempts + 1,
                not_before = now() + least(interval '1 day', interval '1 minute' * power(2, least(attempts, 11)))
            WHERE storage_key = ANY (ARRAY(
                SELECT storage_key
                FROM tombstone
                WHERE not_before <= now()
                ORDER BY not_before
                LIMIT ?
                FOR UPDATE SKIP LOCKED))
            RETURNING storage_key, multipart_upload_id, attempts, size
            """;

    private static final String DELETE = """
            WITH gone AS (
                DELETE FROM tombstone
                WHERE storage_key = ?
                RETURNING size)
            INSERT INTO removed_day AS present (day, objects, bytes)
            SELECT (now() AT TIME ZONE 'UTC')::date, 1, size
            FROM gone
            ON CONFLICT (day)
            DO UPDATE SET objects = present.objects + 1, bytes = present.bytes + excluded.bytes
            """;

    /**
     * An object to remove.
     *
     * @param key the object
     * @param multipart as in {@link LeftObject}
     * @param attempts how often it was tried, this time included
     * @param size how many bytes it has
     */
    public record Due(BlobKey key, Optional<String> multipart, int attempts, long size) {}

    /** Condemns an object; the row that named it goes or changes in the same transaction. */
    @AcrossTenants("an object belongs to nobody once no row but this one names it")
    public void condemn(Transaction transaction, LeftObject object, Duration delay, String why) {
        transaction.change(
                NEW_TOMBSTONE, object.key().value(), object.multipart(), object.size(), delay.toSeconds(), why);
    }

    /** Condemns an object that no row named; nothing happens where somebody else has done so meanwhile. */
    @AcrossTenants("an object belongs to nobody where no row names it")
    public void condemnUnnamed(Transaction transaction, LeftObject object, Duration delay, String why) {
        transaction.change(
                NEW_TOMBSTONE_UNLESS_THERE,
                object.key().value(),
                object.multipart(),
                object.size(),
                delay.toSeconds(),
                why);
    }

    /** Takes objects whose time has come, for one attempt; others may take the same ones some time later. */
    @AcrossTenants("a queue, worked off by any replica")
    public List<Due> takeDue(Transaction transaction, int limit) {
        return transaction.all(
                TAKE_DUE,
                row -> new Due(
                        new BlobKey(row.getString(1)),
                        Optional.ofNullable(row.getString(2)),
                        row.getInt(3),
                        row.getLong(4)),
                limit);
    }

    /** Forgets an object that is gone, and counts it among those that went today (UTC). */
    @AcrossTenants("a queue, worked off by any replica")
    public void forget(Transaction transaction, BlobKey key) {
        transaction.change(DELETE, key.value());
    }
}
