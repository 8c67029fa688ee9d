package dev.moorage.registry;

import dev.moorage.access.TestGrants;
import dev.moorage.blob.BlobStore;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.blob.RoutedBlobStore;
import dev.moorage.config.MoorageConfig;
import dev.moorage.drain.Drain;
import dev.moorage.metadata.BlobRowStore;
import dev.moorage.metadata.FreshBlobStore;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.LookUps;
import dev.moorage.metadata.ManifestStore;
import dev.moorage.metadata.ManifestWriteStore;
import dev.moorage.metadata.OutboxStore;
import dev.moorage.metadata.PullStore;
import dev.moorage.metadata.QuotaStore;
import dev.moorage.metadata.ReferrerStore;
import dev.moorage.metadata.RepositoryHidingStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RestoreStore;
import dev.moorage.metadata.RetentionFactStore;
import dev.moorage.metadata.SmallChunkStore;
import dev.moorage.metadata.SmallObjectStore;
import dev.moorage.metadata.TagStore;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UploadClaimStore;
import dev.moorage.metadata.UploadObjectStore;
import dev.moorage.metadata.UploadStore;
import dev.moorage.metadata.UsageStore;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import dev.moorage.name.Reference;
import dev.moorage.name.Tag;
import dev.moorage.name.UploadId;
import dev.moorage.registry.PushService.Push;
import dev.moorage.registry.PushService.Pushed;
import dev.moorage.registry.UploadService.Chunk;
import dev.moorage.testing.DatabaseInvariants;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import dev.moorage.testing.TestSettings;
import dev.moorage.testing.WatchedDataSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * One replica in process, which keeps small blobs in the store like large ones unless a setting says otherwise: the use cases of the registry, put together by their constructors on a database and a store.
 *
 * <p>Two of them on one database and one directory are two replicas.
 */
public final class RegistryHarness implements AutoCloseable {

    private final DataSource plain;
    private final WatchedDataSource database;
    private final BlobStore bytes;
    private final BlobStore store;
    private final Map<String, String> settings;
    private final MoorageConfig config;
    private final Transactions transactions;
    private final UploadService uploads;
    private final MountService mounts;
    private final PushService pushes;
    private final DeleteService deletes;
    private final PullService pulls;
    private final PullCounter counter;
    private final ListService lists;
    private final List<RegistryHarness> replicas = new ArrayList<>();

    private RegistryHarness(DataSource plain, BlobStore bytes, Map<String, String> settings, UploadTimes times) {
        this.plain = plain;
        this.database = new WatchedDataSource(plain);
        this.bytes = bytes;
        this.settings = settings;
        Map<String, String> all = new HashMap<>(Map.of("moorage.storage.rows-up-to", "0"));
        all.putAll(settings);
        this.config = TestSettings.with(all);
        this.transactions = new Transactions(database);
        RepositoryStore repositoryRows = new RepositoryStore();
        LookUps lookUps = new LookUps(transactions);
        SmallObjectRows rows = new SmallObjectRows(transactions, lookUps, new SmallObjectStore());
        this.store = new RoutedBlobStore(bytes, rows);
        QuotaStore quotas = new QuotaStore();
        Repositories repositories = new Repositories(
                repositoryRows,
                lookUps,
                quotas,
                new OutboxStore(),
                new Origins(UUID::randomUUID),
                TestGrants.auditor(),
                TestGrants.denials(transactions),
                config);
        BlobRowStore blobRows = new BlobRowStore();
        LinkStore links = new LinkStore();
        HistoryStore history = new HistoryStore();
        UsageStore usage = new UsageStore();
        ByteQuota quota = new ByteQuota(quotas, usage);
        LinkWriter linkWriter = new LinkWriter(links, history, usage);
        UploadStore uploadRows = new UploadStore();
        ManifestWriteStore manifests = new ManifestWriteStore();
        TagStore tags = new TagStore();
        Origins origins = new Origins(UUID::randomUUID);
        BlobCommit commit = new BlobCommit(
                transactions,
                repositories,
                quota,
                blobRows,
                new FreshBlobStore(),
                links,
                linkWriter,
                new TombstoneStore(),
                uploadRows,
                store,
                config);
        BlobKeys keys = new BlobKeys(UUID::randomUUID);
        UploadClaims claims =
                new UploadClaims(transactions, repositories, uploadRows, new UploadClaimStore(), config, times);
        BytesInFlight bytesInFlight = new BytesInFlight(config);
        Drain drain = new Drain();
        this.uploads = new UploadService(
                transactions,
                repositories,
                quota,
                uploadRows,
                claims,
                new UploadJournals(transactions, new UploadObjectStore(), new TombstoneStore(), keys, config),
                store,
                commit,
                bytesInFlight,
                new SmallUploads(
                        transactions,
                        repositories,
                        quota,
                        claims,
                        new FreshBlobStore(),
                        new SmallChunkStore(),
                        rows,
                        bytesInFlight,
                        drain,
                        UUID::randomUUID,
                        config),
                UUID::randomUUID,
                keys,
                drain,
                config);
        this.mounts = new MountService(
                transactions, repositories, quota, links, blobRows, linkWriter, TestGrants.standings());
        this.pushes = new PushService(
                transactions,
                repositories,
                links,
                manifests,
                new TagMover(tags, history, config),
                history,
                quota,
                new ImageFacts(transactions, links, new SmallBlobs(store)),
                new OutboxStore(),
                origins,
                new BytesInFlight(config));
        this.deletes = new DeleteService(
                transactions, repositories, tags, manifests, links, history, new RetentionFactStore(), origins, config);
        this.counter = new PullCounter(transactions, new PullStore());
        this.pulls = new PullService(transactions, lookUps, repositories, new ManifestStore(), links, store, counter);
        this.lists = new ListService(
                transactions, repositories, repositoryRows, tags, new ReferrerStore(), TestGrants.standings());
    }

    /** A replica on an empty database of its own, which goes when it is closed, with its blobs in a directory. */
    public static RegistryHarness fresh(Path directory) {
        return fresh(new FilesystemBlobStore(directory), Map.of());
    }

    /** A replica on an empty database of its own. */
    public static RegistryHarness fresh(BlobStore store, Map<String, String> settings) {
        return new RegistryHarness(TestDatabase.fresh(), store, settings, UploadTimes.STANDARD);
    }

    /** A replica on a database that somebody else has, and closes. */
    public static RegistryHarness on(DataSource database, BlobStore store, Map<String, String> settings) {
        return new RegistryHarness(database, store, settings, UploadTimes.STANDARD);
    }

    /**
     * A replica on a copy of the database as it is now and on the same store, as the restore of a backup makes one; closed by
     * whoever asks for it. Nothing may be under way.
     */
    public RegistryHarness restored() throws SQLException {
        for (RegistryHarness replica : replicas) {
            replica.database.close();
        }
        database.close();
        return new RegistryHarness(TestDatabase.copy(plain), bytes, settings, UploadTimes.STANDARD);
    }

    /** Another replica on the same database and store, closed with this one. */
    public RegistryHarness replica() {
        return replica(UploadTimes.STANDARD);
    }

    /** Another replica, with requests that wait for each other by other times. */
    RegistryHarness replica(UploadTimes times) {
        RegistryHarness replica = new RegistryHarness(plain, bytes, settings, times);
        replicas.add(replica);
        return replica;
    }

    /** The connections of this replica, to hold and to watch. */
    public WatchedDataSource database() {
        return database;
    }

    /** The database past this replica's connections. */
    public DataSource plain() {
        return plain;
    }

    /** The database past this replica. */
    public Sql sql() {
        return new Sql(plain);
    }

    /** The store of bytes. */
    public BlobStore store() {
        return store;
    }

    /** The settings. */
    public MoorageConfig config() {
        return config;
    }

    /** The transactions of this replica. */
    public Transactions transactions() {
        return transactions;
    }

    /** What brings back what was deleted or overwritten. */
    public Reversal reversal() {
        return new Reversal(
                new RestoreStore(),
                new LinkStore(),
                new ManifestWriteStore(),
                new TagStore(),
                new HistoryStore(),
                config);
    }

    /** What hides repositories and shows them again. */
    public RepositoryHiding hiding() {
        return new RepositoryHiding(new RepositoryHidingStore(), new QuotaStore(), new HistoryStore(), config);
    }

    /** What says who did something. */
    public Origins origins() {
        return sayingWho();
    }

    /** What says who did something, of no replica. */
    public static Origins sayingWho() {
        return new Origins(UUID::randomUUID);
    }

    /** The use cases of uploads. */
    public UploadService uploads() {
        return uploads;
    }

    /** The use cases of mounts. */
    public MountService mounts() {
        return mounts;
    }

    /** The use cases of manifest pushes. */
    public PushService pushes() {
        return pushes;
    }

    /** The use cases of deletions. */
    public DeleteService deletes() {
        return deletes;
    }

    /** The use cases of pulls. */
    public PullService pulls() {
        return pulls;
    }

    /** What this replica has counted of pulls. */
    public PullCounter counter() {
        return counter;
    }

    /** The use cases of lists. */
    public ListService lists() {
        return lists;
    }

    /** A chunk without a place or a length. */
    public static Chunk chunk(byte[] bytes) {
        return chunk(new ByteArrayInputStream(bytes));
    }

    /** A body of a length that the client announces. */
    public static Chunk announced(byte[] bytes) {
        return new Chunk(Optional.empty(), Optional.of((long) bytes.length), new ByteArrayInputStream(bytes));
    }

    /** A chunk without a place or a length. */
    public static Chunk chunk(InputStream bytes) {
        return new Chunk(Optional.empty(), Optional.empty(), bytes);
    }

    /** The digest that is written so. */
    public static Digest digest(String text) {
        return Digest.parse(text).orElseThrow();
    }

    /** Begins an upload. */
    public UploadId begin(String repository) {
        return uploads.begin(TestGrants.to(repository), Digest.Algorithm.SHA256).id();
    }

    /** Pushes a blob as docker does: begin, append, finish. */
    public Digest pushBlob(String repository, byte[] bytes) {
        UploadId id = begin(repository);
        uploads.append(TestGrants.to(repository), id, chunk(bytes));
        return finish(repository, id, bytes);
    }

    /** Ends an upload whose bytes are there. */
    public Digest finish(String repository, UploadId id, byte[] all) {
        String digest = Digest.ofBytes(Digest.Algorithm.SHA256, all).toString();
        return uploads.finish(TestGrants.to(repository), id, Optional.of(digest), chunk(new byte[0]));
    }

    /** Pushes a manifest to a tag or by its digest. */
    public Pushed pushManifest(String repository, Reference reference, Content manifest) {
        return pushManifest(repository, reference, manifest, Precondition.NONE);
    }

    /** Pushes a manifest on a condition. */
    public Pushed pushManifest(String repository, Reference reference, Content manifest, Precondition condition) {
        return pushes.put(
                TestGrants.to(repository),
                new Push(
                        reference,
                        List.of(),
                        Optional.of(new MediaType(manifest.mediaType())),
                        manifest.bytes(),
                        condition));
    }

    /** Pushes an image by its digest, blobs first. */
    public Digest pushImage(String repository, Image image) {
        image.blobs().forEach(blob -> pushBlob(repository, blob.bytes()));
        return pushManifest(repository, digest(image.digest()), image.manifest())
                .digest();
    }

    /** Pushes an image to a tag, blobs first. */
    public Digest pushImage(String repository, String tag, Image image) {
        image.blobs().forEach(blob -> pushBlob(repository, blob.bytes()));
        return pushManifest(repository, new Tag(tag), image.manifest()).digest();
    }

    /** The object that the row of a blob names. */
    public BlobKey keyOf(Digest digest) {
        return new BlobKey(sql().rows("SELECT storage_key FROM blob WHERE digest = ?", digest.toString())
                .getFirst());
    }

    /** Fails where something in the database or the store does not fit together; nothing may be under way. */
    public void checkInvariants() {
        DatabaseInvariants.check(plain, store);
    }

    @Override
    public void close() throws SQLException {
        for (RegistryHarness replica : replicas) {
            replica.database.close();
        }
        database.close();
        TestDatabase.drop(plain);
    }
}
