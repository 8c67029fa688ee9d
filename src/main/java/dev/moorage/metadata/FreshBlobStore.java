package dev.moorage.metadata;

import dev.moorage.name.Digest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Blobs of which there was nothing before, as most that come: row, link, ledger and the end of the upload in one statement.
 *
 * <p>Where the digest has a row already nothing is done, and the caller takes the long way, step by step.
 */
@Singleton
public class FreshBlobStore {

    // The writer has shared the repository's row: its visibility stays what is read here until the link is there. Of a
    // digest
    // without a row there can be no link.
    private static final String COMMIT = """
            WITH fresh AS (
                INSERT INTO blob (digest, size, storage_key)
                VALUES (?, ?, ?)
                ON CONFLICT (digest) DO NOTHING
                RETURNING digest, size),
            linked AS (
                INSERT INTO repository_blob (organization_id, repository_id, digest, in_public)
                SELECT r.organization_id, r.id, f.digest, r.visibility = 'public'
                FROM fresh f, repository r
                WHERE r.organization_id = ? AND r.id = ?
                RETURNING organization_id, repository_id, digest),
            owned AS (
                INSERT INTO organization_blob (organization_id, digest, links)
                SELECT organization_id, digest, 1
                FROM linked
                ON CONFLICT (organization_id, digest) DO UPDATE SET links = organization_blob.links + 1
                RETURNING organization_id, links),
            counted AS (
                INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes)
                SELECT l.organization_id, l.repository_id, 'link', 1, f.size
                FROM linked l, fresh f
                UNION ALL
                SELECT o.organization_id, NULL, 'blob', 1, f.size
                FROM owned o, fresh f
                WHERE o.links = 1),
            finished AS (
                UPDATE upload u
                SET storage_key = NULL, multipart_upload_id = NULL, store_state = '', finished_digest = l.digest,
                    lease_until = NULL, hash_state = NULL
                FROM linked l
                WHERE u.id = ? AND u.epoch = ? AND u.storage_key = ?
                RETURNING EXISTS (SELECT FROM upload_object o WHERE o.upload_id = u.id) AS others)
            SELECT EXISTS (SELECT FROM finished), coalesce((SELECT others FROM finished), false)
            FROM linked
            """;

    /** What became of it. */
    public sealed interface Outcome {
        /** The digest has a row, and nothing was done. */
        record Known() implements Outcome {}

        /** Another request holds the session: the caller gives the transaction up. */
        record Overtaken() implements Outcome {}

        /** It is a blob of the repository, and these other objects of the session are named by nothing now. */
        record Committed(List<LeftObject> left) implements Outcome {

            /** Keeps its own copy. */
            public Committed {
                left = List.copyOf(left);
            }
        }
    }

    private record Ended(boolean finished, boolean others) {}

    /** Makes the object of a session a blob of its repository, whose row the caller has shared. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public Outcome commit(Transaction transaction, UploadRow upload, BlobRow blob) {
        Digest digest = blob.digest();
        Optional<Ended> ended = transaction.first(
                COMMIT,
                row -> new Ended(row.getBoolean(1), row.getBoolean(2)),
                digest.toString(),
                blob.size(),
                blob.key().value(),
                upload.repository().organization().value(),
                upload.repository().repository().value(),
                upload.id().value(),
                upload.epoch(),
                blob.key().value());
        if (ended.isEmpty()) {
            return new Outcome.Known();
        }
        if (!ended.get().finished()) {
            return new Outcome.Overtaken();
        }
        return new Outcome.Committed(
                ended.get().others() ? UploadObjectStore.removeAll(transaction, upload.id()) : List.of());
    }
}
