package dev.moorage.registry;

import dev.moorage.access.Action;
import dev.moorage.access.Authority;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.manifest.ArtifactManifest;
import dev.moorage.manifest.ConfigFacts;
import dev.moorage.manifest.ForeignConfig;
import dev.moorage.manifest.ImageConfig;
import dev.moorage.manifest.ImageManifest;
import dev.moorage.manifest.Index;
import dev.moorage.manifest.Layer;
import dev.moorage.manifest.Manifest;
import dev.moorage.manifest.ManifestLimits;
import dev.moorage.manifest.ManifestNotes;
import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.ManifestFactStore;
import dev.moorage.metadata.ManifestFacts;
import dev.moorage.metadata.ManifestRow;
import dev.moorage.metadata.ManifestStore;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.RepositoryScope;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Descriptor;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import dev.moorage.name.Reference;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.registry.Inspection.Config;
import dev.moorage.registry.Inspection.State;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells what a manifest is made of, to whoever may pull it; nothing of it counts as a pull. */
@Singleton
public class InspectionService {

    private static final Set<MediaType> IMAGE_CONFIGS = Set.of(MediaType.OCI_CONFIG, MediaType.DOCKER_CONFIG);
    private static final int TAGS = 100;

    private final Transactions transactions;
    private final Authority authority;
    private final RepositoryListStore repositories;
    private final ManifestStore manifests;
    private final ManifestFactStore facts;
    private final LinkStore links;
    private final SmallBlobs blobs;
    private final ReferrerTree referrers;

    InspectionService(
            Transactions transactions,
            Authority authority,
            RepositoryListStore repositories,
            ManifestStore manifests,
            ManifestFactStore facts,
            LinkStore links,
            SmallBlobs blobs,
            ReferrerTree referrers) {
        this.transactions = transactions;
        this.authority = authority;
        this.repositories = repositories;
        this.manifests = manifests;
        this.facts = facts;
        this.links = links;
        this.blobs = blobs;
        this.referrers = referrers;
    }

    /** What was found of a manifest and its configuration, before either is read. */
    private record Found(ManifestRow row, Manifest manifest, ManifestFactStore.Row facts, Optional<BlobRow> config) {}

    /**
     * What a manifest is made of. Of its configuration {@link ConfigFacts#MAX_BYTES} bytes are read at most; one that is
     * longer, absent, or something else than it says is no error.
     */
    public Inspection inspect(Grant grant, RepositoryName name, String reference) {
        Reference parsed = Reference.parse(reference).orElseThrow(() -> new NotFound("manifest", reference));
        // The bytes of the configuration are read when the database is not needed any more.
        return inspection(transactions.read(tx -> found(tx, seen(tx, grant, name), name, parsed)));
    }

    /** What refers to a manifest, what refers to that, and so on; see {@link ReferrerTree}. */
    public ReferrerTree.Found referrers(Grant grant, RepositoryName name, Digest subject) {
        return transactions.read(
                tx -> referrers.below(tx, seen(tx, grant, name).key(), RepositoryScope.unguarded(name), subject));
    }

    private RepositoryListStore.Row seen(Transaction transaction, Grant grant, RepositoryName name) {
        Powers powers = authority.of(transaction, grant);
        return repositories
                .find(transaction, name, RepositoryListStore.Lock.NONE)
                .filter(row -> Powers.refusal(powers.over(name, Optional.of(row.visibility()), Action.PULL))
                        .isEmpty())
                .orElseThrow(() -> new NotFound("repository", name.value()));
    }

    private Found found(
            Transaction transaction, RepositoryListStore.Row repository, RepositoryName name, Reference reference) {
        RepositoryScope scope = RepositoryScope.unguarded(name);
        ManifestRow row = (switch (reference) {
                    case Tag tag -> manifests.get(transaction, scope, tag);
                    case Digest digest -> manifests.get(transaction, scope, digest);
                })
                .orElseThrow(() -> absent(reference));
        Manifest manifest = Manifest.parse(row.payload(), MediaType.parse(row.mediaType()), ManifestLimits.STANDARD);
        return new Found(
                row,
                manifest,
                facts.find(transaction, repository.key(), row.digest(), TAGS).orElseThrow(() -> absent(reference)),
                manifest instanceof ImageManifest image
                        ? links.find(transaction, scope, image.config().digest())
                                .map(LinkStore.Visible::blob)
                        : Optional.empty());
    }

    private static NotFound absent(Reference reference) {
        return switch (reference) {
            case Tag tag -> new NotFound("tag", tag.value());
            case Digest digest -> new NotFound("manifest", digest.toString());
        };
    }

    private Inspection inspection(Found found) {
        ManifestNotes notes = ManifestNotes.read(found.row().payload());
        Optional<Config> config = found.manifest() instanceof ImageManifest image
                ? Optional.of(config(image.config(), found.config()))
                : Optional.empty();
        List<Descriptor> layers =
                switch (found.manifest()) {
                    case ImageManifest image ->
                        image.layers().stream().map(Layer::descriptor).toList();
                    case ArtifactManifest artifact -> artifact.blobs();
                    case Index _ -> List.of();
                };
        ManifestFacts known = found.facts().facts();
        return new Inspection(
                found.row().digest().toString(),
                found.row().mediaType(),
                known.artifactType(),
                found.row().size(),
                known.size(),
                found.facts().pushedAt(),
                known.lastPulledAt(),
                known.pulls(),
                known.signed(),
                found.facts().tags(),
                notes.own(),
                found.manifest().subject().map(Pieces::of),
                config,
                Pieces.layers(layers, notes, config.flatMap(Config::image)),
                found.manifest() instanceof Index index ? Pieces.entries(index.manifests(), notes) : List.of());
    }

    private Config config(Descriptor descriptor, Optional<BlobRow> blob) {
        if (blob.filter(row -> row.size() > ConfigFacts.MAX_BYTES).isPresent()) {
            return config(descriptor, State.TOO_LARGE, Optional.empty(), Map.of());
        }
        Optional<byte[]> bytes = blob.flatMap(blobs::read);
        if (bytes.isEmpty()) {
            return config(descriptor, State.ABSENT, Optional.empty(), Map.of());
        }
        if (!IMAGE_CONFIGS.contains(descriptor.mediaType())) {
            return config(descriptor, State.READ, Optional.empty(), ForeignConfig.read(bytes.get()));
        }
        Optional<ImageConfig> image = ImageConfig.read(bytes.get());
        return config(descriptor, image.isPresent() ? State.READ : State.UNREADABLE, image, Map.of());
    }

    private static Config config(
            Descriptor descriptor, State state, Optional<ImageConfig> image, Map<String, String> facts) {
        return new Config(
                descriptor.digest().toString(), descriptor.mediaType().value(), descriptor.size(), state, image, facts);
    }
}
