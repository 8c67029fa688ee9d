package dev.moorage.blob;

import dev.moorage.config.Meters;
import dev.moorage.config.MoorageConfig;
import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Blobs as objects of a bucket, each written once to its final key.
 *
 * <p>Nothing locks a key: that two requests never write to one is the work of the row and its epoch, see {@link S3Writer}.
 */
public final class S3BlobStore implements BlobStore, AutoCloseable {

    /** How many parts a multipart upload can have, by S3's own limit. */
    static final int MOST_PARTS = 10_000;

    /** Numbers that overtaken requests have reserved are lost: a share of them is left free. */
    private static final int PLANNED_PARTS = 9_000;

    /** More than any store takes, and little enough to be added to. */
    private static final long LARGEST_OBJECT = 1L << 50;

    /** Beside {@code blobs/}, which is where lists look. */
    private static final String MARKER = "blobs.marker";

    private static final long WAIT_FOR_MEMORY_MILLIS = TimeUnit.SECONDS.toMillis(15);
    private static final long MEBIBYTE = 1L << 20;

    private final S3Client client;
    private final S3Client downloads;
    private final S3Objects objects;
    private final S3Listing listing;
    private final S3Redirects redirects;
    private final S3Probe probe;
    private final S3Checks checks;
    private final PartMemory memory;
    private final long partSize;

    /**
     * Opens the bucket that the settings name.
     *
     * @throws dev.moorage.config.StartupCheckFailed where it cannot be used
     */
    public static S3BlobStore open(MoorageConfig config) {
        MoorageConfig.S3 s3 = config.storage().s3();
        // Two parts at the least, or no large blob could ever be sent.
        long bytes = config.uploads()
                .bytesInFlight()
                .orElse(Math.max(
                        2 * PartMemory.rounded(s3.partSize()),
                        Runtime.getRuntime().maxMemory() / 5 * 2));
        // Parts on their way together leave half of the connections to everything else.
        long lendable = s3.maxConnections() / 2 * PartMemory.rounded(s3.partSize());
        return S3Connection.open(s3, new PartMemory(bytes, lendable, WAIT_FOR_MEMORY_MILLIS));
    }

    S3BlobStore(
            S3Client client,
            S3Client downloads,
            S3Redirects redirects,
            S3Probe probe,
            S3Checks checks,
            MoorageConfig.S3 config,
            PartMemory memory) {
        this.client = client;
        this.downloads = downloads;
        this.objects = new S3Objects(client, downloads, config, checks);
        this.checks = checks;
        this.listing = new S3Listing(
                client, config.bucket().orElseThrow(), config.prefix().orElse(""));
        this.redirects = redirects;
        this.probe = probe;
        this.memory = memory;
        Meters.gauge(
                "moorage.uploads.memory.bytes", "Memory that parts of uploads to S3 have", memory, PartMemory::taken);
        Meters.gauge(
                "moorage.uploads.memory.limit.bytes",
                "Memory that parts of uploads to S3 may have",
                memory,
                PartMemory::bytes);
        this.partSize = config.partSize();
    }

    @Override
    public BlobWriter open(BlobKey key, ResumePoint from, WriteJournal journal) {
        Optional<S3State> state = from.offset() == 0 ? Optional.empty() : Optional.of(state(key, from));
        long planned = partSize(from.offset(), journal.announced());
        long size = state.flatMap(S3State::multipart)
                .map(S3State.Multipart::partSize)
                .orElse(planned);
        long before = state.flatMap(S3State::tail).map(S3State.Tail::length).orElse(0L);
        PartMemory.Share share = takeMemory(before, journal.announced(), size);
        return new S3Writer(objects, journal, memory, share, size, key, from, state);
    }

    private static S3State state(BlobKey key, ResumePoint from) {
        return S3State.parse(from.store())
                .filter(state -> state.completing().isPresent() || state.length() == from.offset())
                .orElseThrow(() ->
                        new ResumePointLost("nothing tells where the " + from.offset() + " bytes of " + key + " are"));
    }

    private long partSize(long stored, OptionalLong announced) {
        if (announced.orElse(0) > LARGEST_OBJECT) {
            throw new ObjectTooLarge(
                    "no store holds a blob of %d bytes, which moorage.uploads.bytes-in-flight cannot hold either"
                            .formatted(announced.getAsLong()));
        }
        long total = stored + announced.orElse(0);
        if (total <= PLANNED_PARTS * partSize) {
            return partSize;
        }
        long needed = (total / PLANNED_PARTS / MEBIBYTE + 1) * MEBIBYTE;
        if (needed > memory.bytes()) {
            throw new ObjectTooLarge(
                    "a blob of %d bytes needs parts of %d bytes, which moorage.uploads.bytes-in-flight does not hold"
                            .formatted(total, needed));
        }
        return needed;
    }

    private PartMemory.Share takeMemory(long before, OptionalLong announced, long size) {
        if (announced.isPresent() && announced.getAsLong() == 0) {
            return memory.take(0, 0);
        }
        boolean small = announced.isPresent() && before + announced.getAsLong() < size;
        return small
                ? memory.take(before + announced.getAsLong(), before + announced.getAsLong())
                : memory.take(size, 2 * PartMemory.rounded(size));
    }

    @Override
    public boolean trusts(ResumePoint from) {
        // What the store has acknowledged outlives every machine; the tail is compared when it is read back.
        return true;
    }

    @Override
    public Optional<BlobBody> read(BlobKey key, Optional<ByteRange> range) {
        if (range.isEmpty()) {
            return objects.get(key, range).map(S3BlobStore::stream);
        }
        long wanted = range.get().length();
        Optional<ResponseInputStream<GetObjectResponse>> found = objects.get(key, range);
        if (found.isPresent() && found.get().response().contentLength() != wanted) {
            found.get().abort();
            // Never fewer bytes than were asked for: the caller has announced them already.
            throw new StoreFailure(key + " ends before the end of the range " + range.get());
        }
        return found.map(S3BlobStore::stream);
    }

    private static BlobBody stream(ResponseInputStream<GetObjectResponse> bytes) {
        long length = bytes.response().contentLength();
        return new BlobBody.Stream(new S3Stream(bytes, length), length);
    }

    @Override
    public Optional<URI> redirect(BlobKey key, long size) {
        return redirects.address(objects.name(key), size);
    }

    @Override
    public OptionalLong stat(BlobKey key) {
        return objects.size(key);
    }

    @Override
    public void delete(BlobKey key) {
        objects.delete(key);
    }

    @Override
    public void abandon(BlobKey key, Optional<String> id) {
        id.map(List::of).orElseGet(() -> listing.begunAt(key)).forEach(one -> objects.abort(key, one));
    }

    @Override
    public List<BlobKey> list(Optional<BlobKey> after, int limit) {
        return listing.keys(after, limit);
    }

    @Override
    public List<Unfinished> unfinished(Optional<Unfinished> after, int limit) {
        return listing.unfinished(after, limit);
    }

    @Override
    public Optional<String> marker() {
        return objects.text(MARKER, LONGEST_MARK);
    }

    @Override
    public void mark(String text) {
        objects.putText(MARKER, text);
    }

    @Override
    public void probe() {
        probe.ask();
    }

    @Override
    public void close() {
        checks.end();
        probe.close();
        redirects.close();
        downloads.close();
        client.close();
    }
}
