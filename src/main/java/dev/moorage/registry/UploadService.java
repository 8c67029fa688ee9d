package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.blob.BlobStore;
import dev.moorage.blob.ClientGone;
import dev.moorage.blob.ResumePointLost;
import dev.moorage.blob.Transfer;
import dev.moorage.config.MoorageConfig;
import dev.moorage.drain.Drain;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.ChunkOutOfPlace;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.error.RegistryException.DigestInvalid;
import dev.moorage.error.RegistryException.SizeInvalid;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.error.RegistryException.UploadInvalid;
import dev.moorage.error.RegistryException.UploadUnknown;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.RepositoryStore.Kept;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UploadRow;
import dev.moorage.metadata.UploadStore;
import dev.moorage.name.ByteRange;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.registry.ByteQuota.Room;
import dev.moorage.registry.ByteQuota.Wanted;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** Takes blobs in, in one piece or in many, on any replica (OCI distribution specification, "Pushing blobs"). */
@Singleton
public class UploadService {

    private final Transactions transactions;
    private final Repositories repositories;
    private final ByteQuota quota;
    private final UploadStore store;
    private final UploadClaims claims;
    private final UploadJournals journals;
    private final BlobStore blobs;
    private final BlobCommit commit;
    private final BytesInFlight bytesInFlight;
    private final SmallUploads small;
    private final Supplier<UUID> randomness;
    private final BlobKeys keys;
    private final Drain drain;
    private final MoorageConfig.Uploads config;
    private final UploadSession.Settings settings;

    UploadService(
            Transactions transactions,
            Repositories repositories,
            ByteQuota quota,
            UploadStore store,
            UploadClaims claims,
            UploadJournals journals,
            BlobStore blobs,
            BlobCommit commit,
            BytesInFlight bytesInFlight,
            SmallUploads small,
            Supplier<UUID> randomness,
            BlobKeys keys,
            Drain drain,
            MoorageConfig config) {
        this.transactions = transactions;
        this.repositories = repositories;
        this.quota = quota;
        this.store = store;
        this.claims = claims;
        this.journals = journals;
        this.blobs = blobs;
        this.commit = commit;
        this.bytesInFlight = bytesInFlight;
        this.small = small;
        this.randomness = randomness;
        this.keys = keys;
        this.config = config.uploads();
        this.drain = drain;
        this.settings = new UploadSession.Settings(
                this.config.resumePointBytes(), this.config.expiry(), claims.renewal(), drain::parks);
    }

    /**
     * How far an upload is.
     *
     * @param id its identity
     * @param offset the number of bytes that are there
     */
    public record Progress(UploadId id, long offset) {}

    /**
     * Bytes on their way in.
     *
     * @param range where the client says that they belong; empty where it says nothing
     * @param length how many the client has announced; empty where it has not
     * @param bytes the bytes
     * @param placed whether the request has its place among those that stream in already
     */
    public record Chunk(Optional<ByteRange> range, Optional<Long> length, InputStream bytes, boolean placed) {

        /** Bytes of a request that has no place yet. */
        public Chunk(Optional<ByteRange> range, Optional<Long> length, InputStream bytes) {
            this(range, length, bytes, false);
        }

        OptionalLong announced() {
            return length.or(() -> range.map(ByteRange::length)).stream()
                    .mapToLong(Long::longValue)
                    .findFirst();
        }

        /** Whatever is kept in the end, it is no shorter than what the client has announced. */
        long atLeast(UploadRow upload) {
            long offset = upload.point().offset();
            long announced = announced().orElse(0);
            return announced > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + announced;
        }

        long limit() {
            return range.map(ByteRange::length).orElse(Long.MAX_VALUE);
        }
    }

    /**
     * Begins an upload; the repository is made where it is absent.
     *
     * <p>403 where the organization's quota is used up, 429 where it has as many uploads open as it may.
     */
    public Progress begin(Grant grant, Digest.Algorithm algorithm) {
        return new Progress(insert(grant, algorithm, 0, new Wanted.SomeBytes(1)).id(), 0);
    }

    /** Takes a blob in one request ("Single POST"). */
    public Digest whole(Grant grant, Digest digest, Chunk chunk) {
        Wanted wanted = new Wanted.Blob(digest, chunk.announced().orElse(1));
        UploadRow upload = insert(grant, digest.algorithm(), 1, wanted);
        try {
            return received(upload, chunk, room(upload, wanted), session -> complete(grant, upload, digest, session));
        } catch (RuntimeException e) {
            // The client never learnt of the session: nobody can go on with it.
            cancelQuietly(upload, e);
            throw e;
        }
    }

    /** Appends a chunk ("Pushing a blob in chunks"). */
    public Progress append(Grant grant, UploadId id, Chunk chunk) {
        return small.append(grant, id, chunk, rest -> appendToStore(grant, id, rest));
    }

    private Progress appendToStore(Grant grant, UploadId id, Chunk chunk) {
        UploadRow upload = unfinished(claims.take(grant, id));
        return releasing(upload, () -> {
            Room room = room(upload, new Wanted.SomeBytes(chunk.atLeast(upload)));
            return received(upload, chunk, room, session -> new Progress(id, session.release()));
        });
    }

    /**
     * Takes the last bytes, if any, and makes the upload a blob of the repository.
     *
     * <p>A repeated call with the same digest answers the same again. A digest that is not that of the bytes ends the
     * session, and so does a quota that does not hold them.
     */
    public Digest finish(Grant grant, UploadId id, Optional<String> digestText, Chunk chunk) {
        Optional<Digest> digest = digestText.flatMap(Digest::parse);
        return digest.map(named ->
                        small.finish(grant, id, named, chunk, rest -> finish(grant, id, digest, digestText, rest)))
                .orElseGet(() -> finish(grant, id, digest, digestText, chunk));
    }

    private Digest finish(Grant grant, UploadId id, Optional<Digest> digest, Optional<String> digestText, Chunk chunk) {
        UploadRow upload = claims.take(grant, id);
        if (upload.finished().isPresent()) {
            return repeated(grant, upload.finished().get(), digest, digestText);
        }
        if (digest.isEmpty()) {
            cancel(grant, id);
            throw new DigestInvalid("the closing request names the blob's digest", digestText.orElse(""));
        }
        return releasing(upload, () -> {
            try {
                Room room = room(upload, new Wanted.Blob(digest.get(), chunk.atLeast(upload)));
                return received(upload, chunk, room, session -> complete(grant, upload, digest.get(), session));
            } catch (Denied e) {
                // What may not be kept does not stay as an upload either.
                cancelQuietly(upload, e);
                throw e;
            }
        });
    }

    /** How far an upload is. */
    public Progress status(Grant grant, UploadId id) {
        return new Progress(id, unfinished(claims.find(grant, id)).point().offset());
    }

    /** Ends an upload, whoever works on it; its bytes go later. */
    public void cancel(Grant grant, UploadId id) {
        transactions.run(Durability.POWER_CUT, tx -> {
            List<UploadStore.Abandoned> abandoned = store.delete(tx, grant.scope(), UploadClaims.session(grant, id));
            if (abandoned.isEmpty()) {
                throw claims.unknown(tx, grant);
            }
            commit.condemn(tx, abandoned, "the upload was cancelled");
        });
    }

    private UploadRow insert(Grant grant, Digest.Algorithm algorithm, long epoch, Wanted wanted) {
        UploadStore.Wanted session =
                new UploadStore.Wanted(new UploadId(randomness.get()), keys.next(), algorithm, epoch);
        return claims.begin(grant, session).orElseGet(() -> insert(grant, session, wanted));
    }

    private UploadRow insert(Grant grant, UploadStore.Wanted session, Wanted wanted) {
        return transactions.call(Durability.POWER_CUT, tx -> {
            Kept repository = repositories.shareOrCreate(tx, grant);
            quota.demandRoom(tx, repository, wanted);
            UploadRow upload = session.in(repository.key(), repository.quotaBytes());
            claims.begin(tx, upload, grant);
            return upload;
        });
    }

    /** Refuses before its bytes come what cannot fit into the quota, and says how far what does not tell its length may go. */
    private Room room(UploadRow upload, Wanted wanted) {
        if (upload.quotaBytes().isEmpty()) {
            return Room.ANY;
        }
        Kept repository = new Kept(upload.repository(), upload.quotaBytes(), false);
        return transactions.read(tx -> quota.demandRoom(tx, repository, wanted));
    }

    /** Writes the chunk to its place and gives the open session on. */
    private <T> T received(UploadRow upload, Chunk chunk, Room room, Function<UploadSession, T> then) {
        demandPlace(upload, chunk);
        // The client may be gone, and its connection with it, before its bytes are recorded.
        try (Drain.Work _ = drain.request();
                BytesInFlight.Share _ = chunk.placed() ? () -> {} : bytesInFlight.take();
                UploadSession session =
                        new UploadSession(transactions, store, journals, blobs, settings, upload, chunk.announced())) {
            long most = room.behind(upload.point().offset());
            Transfer transfer = session.receive(chunk.bytes(), Math.min(chunk.limit(), most));
            if (transfer instanceof Transfer.OverLimit && most < chunk.limit()) {
                throw room.exceeded();
            }
            boolean asAnnounced = transfer instanceof Transfer.Ended
                    && chunk.range()
                            .map(range -> range.length() == transfer.bytes())
                            .orElse(true);
            if (!asAnnounced) {
                throw new SizeInvalid("the body is not as long as its Content-Range says");
            }
            return then.apply(session);
        } catch (ClientGone e) {
            if (e.getCause() instanceof UploadSession.Parked) {
                throw new Unavailable("the registry is stopping; the upload goes on from its last durable byte");
            }
            throw new SizeInvalid("the body ended before its announced length");
        } catch (ResumePointLost e) {
            transactions.run(
                    Durability.POWER_CUT,
                    tx -> commit.condemnHeld(tx, upload, "the store has lost bytes of the upload"));
            throw new UploadUnknown("the bytes of this upload are lost; begin it again");
        }
    }

    private static void demandPlace(UploadRow upload, Chunk chunk) {
        Optional<ByteRange> range = chunk.range();
        if (range.isPresent() && range.get().first() != upload.point().offset()) {
            throw outOfPlace("the chunk does not begin where the upload stands", upload);
        }
        if (range.isPresent()
                && chunk.length().isPresent()
                && range.get().length() != chunk.length().get()) {
            throw new UploadInvalid("Content-Range and Content-Length differ");
        }
    }

    private Digest complete(Grant grant, UploadRow upload, Digest digest, UploadSession session) {
        boolean hashed = digest.algorithm() == upload.algorithm();
        if (hashed && !session.digest().equals(digest)) {
            DigestInvalid refusal = refuse(upload, session.digest(), digest);
            session.abort();
            throw refusal;
        }
        session.commit();
        if (!hashed) {
            Digest actual = session.committedDigest(blobs, digest.algorithm());
            if (!actual.equals(digest)) {
                throw refuse(upload, actual, digest);
            }
        }
        commit.commit(grant, upload, session.blob(digest));
        return digest;
    }

    /** Row before bytes: by now the session, and its bytes with it, may be another request's. */
    private DigestInvalid refuse(UploadRow upload, Digest actual, Digest named) {
        if (!refused(upload)) {
            throw outOfPlace("another request goes on with this upload", upload);
        }
        return new DigestInvalid("the digest of the bytes is " + actual, named.toString());
    }

    /** Lets go of a session that a refused request had taken, so that the next one need not wait for its lease. */
    private <T> T releasing(UploadRow upload, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            try {
                transactions.run(Durability.PROGRAM_END, tx -> store.release(tx, upload));
            } catch (RegistryException unreleased) {
                e.addSuppressed(unreleased);
            }
            throw e;
        }
    }

    /** Ends a session that this request holds; false where it is gone or another one holds it. */
    private boolean refused(UploadRow upload) {
        return transactions.call(Durability.POWER_CUT, tx -> commit.condemnHeld(tx, upload, "the upload was refused"));
    }

    private void cancelQuietly(UploadRow upload, RuntimeException cause) {
        try {
            refused(upload);
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private Digest repeated(Grant grant, Digest finished, Optional<Digest> digest, Optional<String> digestText) {
        if (digest.filter(finished::equals).isEmpty()) {
            throw new DigestInvalid("the upload became the blob " + finished, digestText.orElse(""));
        }
        // The answer promises the blob for as long as the first one did.
        if (!commit.renew(grant, finished)) {
            throw new UploadUnknown("the upload is finished, and its blob was deleted since");
        }
        return finished;
    }

    private static UploadRow unfinished(UploadRow upload) {
        if (upload.finished().isPresent()) {
            throw new UploadUnknown("the upload is finished");
        }
        return upload;
    }

    static ChunkOutOfPlace outOfPlace(String reason, UploadRow upload) {
        return new ChunkOutOfPlace(reason, upload.point().offset());
    }
}
