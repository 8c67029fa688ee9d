package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.error.RegistryException.DigestInvalid;
import dev.moorage.error.RegistryException.ManifestBlobUnknown;
import dev.moorage.error.RegistryException.ManifestInvalid;
import dev.moorage.manifest.Manifest;
import dev.moorage.manifest.ManifestLimits;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.metadata.HistoryStore.Held;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.ManifestWriteStore;
import dev.moorage.metadata.NewManifest;
import dev.moorage.metadata.OutboxStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RepositoryStore.Kept;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Descriptor;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import dev.moorage.name.Reference;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.name.WebhookKind;
import dev.moorage.registry.ByteQuota.Wanted;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/** Keeps manifests and lets tags name them, all in one transaction (OCI distribution specification, "Pushing Manifests"). */
@Singleton
public class PushService {

    /** The longest manifest that is read, in bytes. */
    public static final int MAX_MANIFEST_BYTES = ManifestLimits.STANDARD.bytes();

    private static final int LOOKS = 2;

    private final Transactions transactions;
    private final Repositories repositories;
    private final LinkStore links;
    private final ManifestWriteStore manifests;
    private final TagMover tags;
    private final HistoryStore history;
    private final ByteQuota quota;
    private final ImageFacts facts;
    private final OutboxStore outbox;
    private final Origins origins;
    private final BytesInFlight bytesInFlight;

    PushService(
            Transactions transactions,
            Repositories repositories,
            LinkStore links,
            ManifestWriteStore manifests,
            TagMover tags,
            HistoryStore history,
            ByteQuota quota,
            ImageFacts facts,
            OutboxStore outbox,
            Origins origins,
            BytesInFlight bytesInFlight) {
        this.transactions = transactions;
        this.repositories = repositories;
        this.links = links;
        this.manifests = manifests;
        this.tags = tags;
        this.history = history;
        this.quota = quota;
        this.facts = facts;
        this.outbox = outbox;
        this.origins = origins;
        this.bytesInFlight = bytesInFlight;
    }

    /**
     * A manifest on its way in.
     *
     * @param reference the tag or digest of the path
     * @param tags further tags, which go with a digest only
     * @param contentType the type that the client gave
     * @param bytes the exact bytes, within the limits
     * @param condition what the client demands of the present state
     */
    @SuppressWarnings("ArrayRecordComponent") // Passed on once, never compared.
    public record Push(
            Reference reference,
            List<Tag> tags,
            Optional<MediaType> contentType,
            byte[] bytes,
            Precondition condition) {

        /** Keeps its own copy of the tags. */
        public Push {
            tags = List.copyOf(tags);
        }
    }

    /**
     * A manifest that is kept.
     *
     * @param digest its digest
     * @param subject the manifest that it refers to
     */
    public record Pushed(Digest digest, Optional<Digest> subject) {}

    /** Reads and puts a manifest in the place that its length needs in memory; 503 where there is none for long. */
    public Pushed admitted(Grant grant, Optional<Long> length, Supplier<Push> push) {
        try (BytesInFlight.Share _ = bytesInFlight.takeManifest(length)) {
            return put(grant, push.get());
        }
    }

    /**
     * Keeps the manifest and moves the tags, all or nothing; it returns when both survive a power cut.
     *
     * <p>403 where an immutable tag names another manifest, or where the organization's quota does not hold the manifest.
     */
    public Pushed put(Grant grant, Push push) {
        RepositoryName name = grant.repository();
        Digest digest = digest(push);
        Manifest manifest = Manifest.parse(push.bytes(), push.contentType(), ManifestLimits.STANDARD);
        NewManifest row = row(name, digest, manifest, push.bytes());
        Origin origin = origins.of(grant);
        if (!transactions.call(Durability.POWER_CUT, tx -> keepListed(tx, grant, push, row, manifest, origin))) {
            Optional<RepositoryStore.Live> live = transactions.read(tx -> repositories.find(tx, grant));
            transactions.run(Durability.POWER_CUT, tx -> keep(tx, keep(tx, live, grant), push, row, manifest, origin));
        }
        return new Pushed(digest, row.subject());
    }

    /** False where the repository is not there yet, or not in the catalog, and nothing was done. */
    private boolean keepListed(
            Transaction transaction, Grant grant, Push push, NewManifest row, Manifest manifest, Origin origin) {
        Optional<Kept> listed = repositories.shareListed(transaction, grant);
        listed.ifPresent(kept -> keep(transaction, kept, push, row, manifest, origin));
        return listed.isPresent();
    }

    private void keep(
            Transaction transaction, Kept kept, Push push, NewManifest row, Manifest manifest, Origin origin) {
        RepositoryKey repository = kept.key();
        quota.reserve(transaction, kept, new Wanted.Manifest(row.digest(), push.bytes().length));
        demand(transaction, repository, manifest);
        boolean brought = put(transaction, repository, row, push);
        if (brought && kept.watched() && ordered(push).isEmpty()) {
            tell(transaction, repository, row.digest(), origin);
        }
        for (Tag tag : ordered(push)) {
            tags.move(transaction, repository, tag, row.digest(), push.condition(), origin);
        }
    }

    private static Digest digest(Push push) {
        return switch (push.reference()) {
            case Tag _ -> Digest.ofBytes(Digest.Algorithm.SHA256, push.bytes());
            case Digest asked -> {
                Digest actual = Digest.ofBytes(asked.algorithm(), push.bytes());
                if (!actual.equals(asked)) {
                    throw new DigestInvalid("the manifest's digest is " + actual, asked.toString());
                }
                yield actual;
            }
        };
    }

    /**
     * Keeps the repository from being deleted until the transaction ends, and lists it with its first manifest.
     *
     * <p>An index without children may be the first thing that comes to a repository, which is then made; where the
     * manifest is refused, nothing of it remains.
     */
    private Kept keep(Transaction transaction, Optional<RepositoryStore.Live> live, Grant grant) {
        RepositoryKey repository = live.map(RepositoryStore.Live::key)
                .orElseGet(() -> repositories.shareOrCreate(transaction, grant).key());
        return live.filter(RepositoryStore.Live::listed).isPresent()
                ? repositories.keep(transaction, repository, grant)
                : repositories.keepAndList(transaction, repository, grant);
    }

    /** Keeps everything that the manifest references from going until the transaction ends; links before manifests. */
    private void demand(Transaction transaction, RepositoryKey repository, Manifest manifest) {
        Set<Digest> missing = new LinkedHashSet<>();
        missing.addAll(
                absent(manifest.requiredBlobs(), asked -> links.shareVisible(transaction, repository, digests(asked))));
        missing.addAll(
                absent(manifest.children(), asked -> manifests.shareVisible(transaction, repository, digests(asked))));
        if (!missing.isEmpty()) {
            throw new ManifestBlobUnknown(missing);
        }
    }

    /** What the repository does not hold; looked for twice, as a row may be taken away and made again while it is waited for. */
    private static Set<Digest> absent(List<Descriptor> wanted, Function<List<Descriptor>, Map<Digest, Long>> sizes) {
        List<Descriptor> missing = wanted;
        for (int look = 0; look < LOOKS && !missing.isEmpty(); look++) {
            missing = unseen(missing, sizes.apply(missing));
        }
        return new LinkedHashSet<>(digests(missing));
    }

    private static List<Descriptor> unseen(List<Descriptor> wanted, Map<Digest, Long> sizes) {
        for (Descriptor descriptor : wanted) {
            Long size = sizes.getOrDefault(descriptor.digest(), descriptor.size());
            if (size != descriptor.size()) {
                throw new ManifestInvalid(
                        "a descriptor's size is not that of its content",
                        Map.of("digest", descriptor.digest().toString(), "size", descriptor.size(), "stored", size));
            }
        }
        return wanted.stream()
                .filter(descriptor -> !sizes.containsKey(descriptor.digest()))
                .toList();
    }

    /** A tag's event tells of what it names: this is for manifests that come without one. */
    private void tell(Transaction transaction, RepositoryKey repository, Digest digest, Origin origin) {
        outbox.append(
                transaction,
                repository.organization(),
                Optional.of(repository.repository()),
                origin,
                WebhookKind.MANIFEST_PUSHED,
                Optional.of(digest));
    }

    /** Answers whether the repository did not have it before. */
    private boolean put(Transaction transaction, RepositoryKey repository, NewManifest row, Push push) {
        ManifestWriteStore.Outcome outcome;
        do {
            outcome = manifests.put(transaction, repository, row);
        } while (outcome == ManifestWriteStore.Outcome.GONE);
        if (push.reference() instanceof Digest && push.tags().isEmpty()) {
            boolean live = outcome == ManifestWriteStore.Outcome.KEPT;
            push.condition().check(live ? Optional.of(row.digest()) : Optional.empty());
        }
        switch (outcome) {
            case REVIVED -> history.endHolds(transaction, repository, Held.MANIFEST, row.digest());
            case NEW, KEPT, GONE -> {}
        }
        return outcome != ManifestWriteStore.Outcome.KEPT;
    }

    private NewManifest row(RepositoryName name, Digest digest, Manifest manifest, byte[] bytes) {
        return new NewManifest(
                digest,
                manifest.mediaType().value(),
                manifest.artifactType(),
                manifest.subject().map(Descriptor::digest),
                bytes,
                manifest.annotations().isEmpty()
                        ? Optional.empty()
                        : Optional.of(manifest.annotations().json()),
                totalSize(manifest, bytes),
                digests(manifest.requiredBlobs()),
                digests(manifest.children()),
                facts.of(name, manifest));
    }

    private static long totalSize(Manifest manifest, byte[] bytes) {
        long sum = manifest.totalSize() + bytes.length;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static List<Digest> digests(List<Descriptor> descriptors) {
        return descriptors.stream().map(Descriptor::digest).toList();
    }

    /** All tags of the request in one order, the same for every request, so that two of them cannot wait in a circle. */
    private static Set<Tag> ordered(Push push) {
        Set<Tag> all = new TreeSet<>(Comparator.comparing(Tag::value));
        all.addAll(push.tags());
        if (push.reference() instanceof Tag tag) {
            all.add(tag);
        }
        return all;
    }
}
