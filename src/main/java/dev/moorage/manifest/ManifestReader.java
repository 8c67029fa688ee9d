package dev.moorage.manifest;

import dev.moorage.error.RegistryException.ManifestTooLarge;
import dev.moorage.manifest.DescriptorReader.Found;
import dev.moorage.name.Descriptor;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one manifest: first its outline, which settles what it is, then the members that its kind has. */
final class ManifestReader {

    private static final Set<String> MEMBERS = Set.of(
            "schemaVersion",
            "mediaType",
            "artifactType",
            "config",
            "layers",
            "manifests",
            "blobs",
            "subject",
            "annotations");

    private final JsonOutline outline;
    private final DescriptorReader descriptors;
    private final Map<Digest, Long> sizes = new HashMap<>();

    private ManifestReader(JsonOutline outline, ManifestLimits limits) {
        this.outline = outline;
        this.descriptors = new DescriptorReader(limits.descriptors());
    }

    static Manifest read(byte[] bytes, Optional<MediaType> contentType, ManifestLimits limits) {
        if (bytes.length > limits.bytes()) {
            throw new ManifestTooLarge(limits.bytes());
        }
        return new ManifestReader(JsonOutline.of(bytes, limits.depth(), MEMBERS), limits).manifest(contentType);
    }

    private Manifest manifest(Optional<MediaType> contentType) {
        MediaType type = ManifestType.decide(contentType, text("mediaType"));
        ManifestKind kind = ManifestKind.of(type).orElseThrow();
        checkSchemaVersion(kind);
        return switch (kind) {
            case IMAGE -> image(type);
            case INDEX -> index(type);
            case ARTIFACT -> artifact();
        };
    }

    private ImageManifest image(MediaType type) {
        refuseBeside("an image manifest", "manifests");
        Descriptor config = descriptors
                .one(outline.member("config")
                        .orElseThrow(() -> Refusal.at("/config", "an image manifest has a config")))
                .descriptor();
        remember(config);
        List<Layer> layers = list("layers", "an image manifest has layers").stream()
                .map(found -> new Layer(found.descriptor(), found.urls()))
                .toList();
        return new ImageManifest(type, config, layers, subject(), artifactType(), annotations());
    }

    private Index index(MediaType type) {
        refuseBeside("an index", "layers", "config");
        List<Child> manifests = list("manifests", "an index has manifests").stream()
                .map(found -> new Child(found.descriptor(), found.platform()))
                .toList();
        return new Index(type, manifests, subject(), artifactType(), annotations());
    }

    private ArtifactManifest artifact() {
        refuseBeside("an artifact manifest", "manifests", "layers", "config");
        List<Descriptor> blobs = outline.has("blobs")
                ? list("blobs", "an artifact manifest has blobs").stream()
                        .map(Found::descriptor)
                        .toList()
                : List.of();
        return new ArtifactManifest(blobs, subject(), artifactType(), annotations());
    }

    /** The artifact manifest never had the field; every other manifest has it. */
    private void checkSchemaVersion(ManifestKind kind) {
        if (kind == ManifestKind.ARTIFACT && !outline.has("schemaVersion")) {
            return;
        }
        if (!outline.member("schemaVersion").flatMap(JsonValue::integer).equals(Optional.of("2"))) {
            throw Refusal.at("/schemaVersion", "schemaVersion is 2");
        }
    }

    /** Members of another kind would let a client that trusts the shape see another manifest (CVE-2021-41190). */
    private void refuseBeside(String kind, String... members) {
        for (String member : members) {
            if (outline.has(member)) {
                throw Refusal.at('/' + member, kind + " has no " + member);
            }
        }
    }

    private List<Found> list(String name, String missing) {
        if (!outline.has(name)) {
            throw Refusal.at('/' + name, missing);
        }
        // Programs written in Go say null where they mean an empty list.
        List<Found> list = outline.member(name).map(descriptors::list).orElse(List.of());
        list.forEach(found -> remember(found.descriptor()));
        return list;
    }

    private void remember(Descriptor descriptor) {
        Long earlier = sizes.putIfAbsent(descriptor.digest(), descriptor.size());
        if (earlier != null && earlier != descriptor.size()) {
            throw Refusal.at("", "one digest has two sizes", descriptor.digest().toString());
        }
    }

    private Optional<Descriptor> subject() {
        return outline.member("subject").map(descriptors::one).map(Found::descriptor);
    }

    /** An empty text is the same as none (OCI distribution specification, "Listing Referrers"). */
    private Optional<String> artifactType() {
        Optional<String> type = text("artifactType").filter(text -> !text.isEmpty());
        if (type.isPresent() && type.flatMap(MediaType::parse).isEmpty()) {
            throw Refusal.at(
                    "/artifactType",
                    "not a media type of at most " + MediaType.MAX_LENGTH + " characters",
                    type.orElseThrow());
        }
        return type;
    }

    private Annotations annotations() {
        return outline.member("annotations").map(Annotations::read).orElse(Annotations.NONE);
    }

    private Optional<String> text(String name) {
        return outline.member(name)
                .map(value -> value.string().orElseThrow(() -> Refusal.at(value.pointer(), "a text is expected")));
    }
}
