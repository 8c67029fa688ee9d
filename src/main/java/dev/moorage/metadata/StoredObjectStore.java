package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Which of the things that a store holds are named by a row.
 *
 * <p>An object has a row before its first byte, and goes from one table to another in one transaction: whoever has listed
 * the store first, and asks then, sees each object's row, for each question is one statement with one view of all tables.
 */
@Singleton
public class StoredObjectStore {

    private static final String BLOBS_AFTER = """
            SELECT digest, size, storage_key
            FROM blob
            WHERE digest > ?
            ORDER BY digest
            LIMIT ?
            """;

    private static final String NAMED_BY_NO_ROW = """
            SELECT stored.key
            FROM unnest(?::text[]) WITH ORDINALITY AS stored (key, place)
            WHERE NOT EXISTS (SELECT FROM blob r WHERE r.storage_key = stored.key)
                AND NOT EXISTS (SELECT FROM upload r WHERE r.storage_key = stored.key)
                AND NOT EXISTS (SELECT FROM upload_object r WHERE r.storage_key = stored.key)
                AND NOT EXISTS (SELECT FROM tombstone r WHERE r.storage_key = stored.key)
            ORDER BY stored.place
            """;

    // An empty name was not learnt yet, and covers whatever was begun at the key.
    private static final String KNOWN_TO_NO_ROW = """
            SELECT begun.key, begun.id
            FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS begun (key, id, place)
            WHERE NOT EXISTS (
                    SELECT FROM upload r
                    WHERE r.storage_key = begun.key AND r.multipart_upload_id IN (begun.id, ''))
                AND NOT EXISTS (
                    SELECT FROM upload_object r
                    WHERE r.storage_key = begun.key AND r.multipart_upload_id IN (begun.id, ''))
                AND NOT EXISTS (
                    SELECT FROM tombstone r
                    WHERE r.storage_key = begun.key AND r.multipart_upload_id IN (begun.id, ''))
            ORDER BY begun.place
            """;

    /**
     * A multipart upload that the store holds.
     *
     * @param key the object that it would become
     * @param id how the store calls it
     */
    public record Multipart(BlobKey key, String id) {}

    /** Rows of blobs in the order of their digests, after this one; fewer than the limit only at the end. */
    @AcrossTenants("a check of the whole store")
    public List<BlobRow> blobsAfter(Transaction transaction, Optional<Digest> after, int limit) {
        return transaction.all(
                BLOBS_AFTER, BlobRowStore::row, after.map(Digest::toString).orElse(""), limit);
    }

    /** Those of the keys that no blob, upload or tombstone names, in the order given. */
    @AcrossTenants("a check of the whole store")
    public List<BlobKey> unnamed(Transaction transaction, List<BlobKey> keys) {
        return transaction.all(NAMED_BY_NO_ROW, row -> new BlobKey(row.getString(1)), texts(keys));
    }

    /** Those of the multipart uploads that neither an upload nor a tombstone knows, in the order given. */
    @AcrossTenants("a check of the whole store")
    public List<Multipart> unknown(Transaction transaction, List<Multipart> begun) {
        return transaction.all(
                KNOWN_TO_NO_ROW,
                row -> new Multipart(new BlobKey(row.getString(1)), row.getString(2)),
                texts(begun.stream().map(Multipart::key).toList()),
                new TextArray(begun.stream().map(Multipart::id).toList()));
    }

    private static TextArray texts(List<BlobKey> keys) {
        return new TextArray(keys.stream().map(BlobKey::value).toList());
    }
}
