package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.blob.ContentHash;
import dev.moorage.blob.SmallObjects;
import dev.moorage.config.MoorageConfig;
import dev.moorage.drain.Drain;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.FreshBlobStore;
import dev.moorage.metadata.FreshBlobStore.Whole;
import dev.moorage.metadata.Gatherings;
import dev.moorage.metadata.SmallChunkStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UploadRow;
import dev.moorage.metadata.UploadRow.Point;
import dev.moorage.metadata.UploadStore;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.registry.ByteQuota.Wanted;
import dev.moorage.registry.UploadService.Chunk;
import dev.moorage.registry.UploadService.Progress;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Takes in small blobs: their bytes go into the database, with the row that names them, in one statement; no session is taken, and
 * no store is asked.
 *
 * <p>Those that come whole with the request that ends their upload are blobs then. Those that come before it are the session's,
 * whose object is their row, until it ends. Where anything is not as it mostly is, nothing is done, and the request goes the
 * long way with the bytes that were read.
 */
@Singleton
class SmallUploads {

    private final Transactions transactions;
    private final Repositories repositories;
    private final ByteQuota quota;
    private final UploadClaims claims;
    private final FreshBlobStore fresh;
    private final SmallObjectRows rows;
    private final BytesInFlight bytesInFlight;
    private final Drain drain;
    private final Supplier<UUID> randomness;
    private final int most;
    private final Gatherings<Whole, Boolean> together;
    private final Gatherings<SmallChunkStore.Chunk, Boolean> held;

    SmallUploads(
            Transactions transactions,
            Repositories repositories,
            ByteQuota quota,
            UploadClaims claims,
            FreshBlobStore fresh,
            SmallChunkStore chunks,
            SmallObjectRows rows,
            BytesInFlight bytesInFlight,
            Drain drain,
            Supplier<UUID> randomness,
            MoorageConfig config) {
        this.transactions = transactions;
        this.repositories = repositories;
        this.quota = quota;
        this.claims = claims;
        this.fresh = fresh;
        this.rows = rows;
        this.bytesInFlight = bytesInFlight;
        this.drain = drain;
        this.randomness = randomness;
        this.most = config.storage().rowsUpTo();
        this.together =
                new Gatherings<>(uploads -> transactions.once(tx -> fresh.commitWhole(tx, uploads, false)).stream()
                        .map(done -> Optional.of(done).filter(Boolean::booleanValue))
                        .toList());
        this.held = new Gatherings<>(asked ->
                transactions.once(tx -> chunks.hold(tx, asked, config.uploads().expiry())));
    }

    /** Makes the upload a blob, if its bytes are few and all in this request; else what is left goes the long way. */
    Digest finish(Grant grant, UploadId id, Digest digest, Chunk chunk, Function<Chunk, Digest> longWay) {
        return attempt(
                chunk,
                bytes ->
                        Digest.ofBytes(digest.algorithm(), bytes).equals(digest) && committed(grant, id, digest, bytes),
                _ -> digest,
                longWay);
    }

    /** Keeps the first bytes of an upload, if they are few; else what is left goes the long way. */
    Progress append(Grant grant, UploadId id, Chunk chunk, Function<Chunk, Progress> longWay) {
        return attempt(chunk, bytes -> held(grant, id, bytes), bytes -> new Progress(id, bytes.length), longWay);
    }

    /** The long way has the place of this request, and the body as if nobody had read from it. */
    private <T> T attempt(Chunk chunk, Predicate<byte[]> keep, Function<byte[], T> kept, Function<Chunk, T> longWay) {
        if (!mayFit(chunk)) {
            return longWay.apply(chunk);
        }
        try (Drain.Work _ = drain.request();
                BytesInFlight.Share _ = bytesInFlight.take()) {
            Body body = read(chunk);
            return body.left().isEmpty() && body.bytes().length > 0 && keep.test(body.bytes())
                    ? kept.apply(body.bytes())
                    : longWay.apply(new Chunk(chunk.range(), chunk.length(), body.stream(), true));
        }
    }

    /** Where the client does not say how much will come, that is seen. */
    private boolean mayFit(Chunk chunk) {
        return most > 0
                && chunk.length().map(length -> length > 0 && length <= most).orElse(true)
                && chunk.range()
                        .map(range -> range.first() == 0 && chunk.length().equals(Optional.of(range.length())))
                        .orElse(true);
    }

    /**
     * What was read of a body.
     *
     * @param left what of it is still to be read, or fails where it has failed; empty for nothing
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    private record Body(byte[] bytes, Optional<InputStream> left) {
        InputStream stream() {
            InputStream read = new ByteArrayInputStream(bytes);
            return left.<InputStream>map(rest -> new SequenceInputStream(read, rest))
                    .orElse(read);
        }
    }

    /** All bytes where they are as many as announced, or end before they are too many. */
    private Body read(Chunk chunk) {
        byte[] bytes = new byte[chunk.length().map(Long::intValue).orElse(most + 1)];
        int count = 0;
        try {
            while (count < bytes.length && !drain.parks()) {
                int read = chunk.bytes().read(bytes, count, bytes.length - count);
                if (read < 0) {
                    boolean all = chunk.length().isEmpty();
                    return new Body(Arrays.copyOf(bytes, count), all ? Optional.empty() : Optional.of(chunk.bytes()));
                }
                count += read;
            }
        } catch (IOException e) {
            return new Body(Arrays.copyOf(bytes, count), Optional.of(new Failed(e)));
        }
        return chunk.length().isPresent() && count == bytes.length
                ? new Body(bytes, Optional.empty())
                : new Body(Arrays.copyOf(bytes, count), Optional.of(chunk.bytes()));
    }

    private boolean held(Grant grant, UploadId id, byte[] bytes) {
        ContentHash hash = ContentHash.start(Digest.Algorithm.SHA256);
        hash.update(bytes, 0, bytes.length);
        BlobKey row = BlobKey.row(randomness.get());
        Point point = new Point(bytes.length, SmallObjects.state(row), Optional.of(hash.peek()), hash.state());
        boolean done = held.of(grant.scope())
                .ask(new SmallChunkStore.Chunk(grant.scope(), UploadClaims.session(grant, id), row, point, bytes))
                .isPresent();
        if (done) {
            rows.written(row, bytes);
        }
        return done;
    }

    private boolean committed(Grant grant, UploadId id, Digest digest, byte[] bytes) {
        UploadStore.Session session = UploadClaims.session(grant, id);
        BlobRow blob = new BlobRow(digest, bytes.length, BlobKey.row(randomness.get()));
        Whole whole = new Whole(grant.scope(), session, blob, bytes);
        boolean done = together.of(grant.scope()).ask(whole).isPresent() || reserved(grant, id, whole);
        if (done) {
            rows.written(blob.key(), bytes);
        }
        return done;
    }

    /** The same for an organization that has a quota. */
    private boolean reserved(Grant grant, UploadId id, Whole whole) {
        UploadRow upload = claims.find(grant, id);
        if (upload.quotaBytes().isEmpty()) {
            return false;
        }
        try {
            return transactions.call(Durability.POWER_CUT, tx -> {
                quota.reserve(
                        tx,
                        repositories.keep(tx, upload.repository(), grant),
                        new Wanted.Blob(whole.blob().digest(), whole.blob().size()));
                return fresh.commitWhole(tx, List.of(whole), true).getFirst();
            });
        } catch (Denied _) {
            // The long way ends the session too.
            return false;
        }
    }

    /** Fails as the body did. */
    private static final class Failed extends InputStream {
        private final IOException failure;

        Failed(IOException failure) {
            this.failure = failure;
        }

        @Override
        public int read() throws IOException {
            throw failure;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            throw failure;
        }
    }
}
