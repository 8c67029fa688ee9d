package dev.moorage.lifecycle;

import dev.moorage.access.TestGrants;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.BlobUnknown;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.error.RegistryException.ManifestBlobUnknown;
import dev.moorage.error.RegistryException.ManifestUnknown;
import dev.moorage.lifecycle.ModelContent.ModelManifest;
import dev.moorage.lifecycle.ModelRepository.Expected;
import dev.moorage.lifecycle.ModelRepository.Sight;
import dev.moorage.lifecycle.ModelRetention.End;
import dev.moorage.name.Digest;
import dev.moorage.name.Reference;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.registry.MountService.Mount;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a writer does in repositories that nobody else changes, and what he must be answered there. */
final class ModelOwner {

    private static final int TAGS = 5;
    private static final int RECENT = 10;

    private final ModelWriter writer;
    private final ModelRetention retention;
    private final List<ModelRepository> own;
    private final List<String> foreign;

    ModelOwner(ModelWriter writer, List<ModelRepository> own, List<String> foreign) {
        this.writer = writer;
        this.retention = new ModelRetention(writer);
        this.own = own;
        this.foreign = foreign;
    }

    /** Something with a certain frequency. */
    void step() {
        ModelRepository repository = writer.any(own);
        int dice = writer.random.nextInt(100);
        if (dice < 24) {
            pushWhole(repository, writer.anyManifest(), writer.chance(70));
        } else if (dice < 34) {
            pushAlone(repository, anyDoubtful(repository));
        } else if (dice < 41) {
            blob(repository, writer.anyBlob());
        } else if (dice < 49) {
            mount(repository, anyUnsure(repository));
        } else if (dice < 53) {
            head(repository, anyUnsure(repository));
        } else if (dice < 60) {
            writer.anyOf(repository.live())
                    .ifPresent(digest -> put(repository, writer.content.manifest(digest), Optional.of(anyTag())));
        } else if (dice < 67) {
            deleteTag(repository, anyTag());
        } else if (dice < 76) {
            deleteManifest(repository, anyDigest(repository));
        } else if (dice < 83) {
            deleteBlob(
                    repository,
                    writer.anyOf(repository.neededByHidden())
                            .filter(_ -> writer.chance(50))
                            .orElseGet(() -> anyUnsure(repository)));
        } else if (dice < 91) {
            undo(repository);
        } else if (dice < 94) {
            retain(repository);
        } else if (dice < 98) {
            takeApart(repository, anyDigest(repository));
        } else {
            abandon(repository);
        }
        look(repository);
    }

    private String anyTag() {
        return "v" + writer.random.nextInt(TAGS);
    }

    /** Where collectors may be just now, more often than not. */
    private Digest anyUnsure(ModelRepository repository) {
        return writer.anyOf(repository.unsure()).filter(_ -> writer.chance(70)).orElseGet(writer::anyBlob);
    }

    private ModelManifest anyDoubtful(ModelRepository repository) {
        return writer.anyOf(writer.content.manifests().stream()
                        .filter(manifest -> repository.pushing(manifest) == Expected.EITHER)
                        .toList())
                .filter(_ -> writer.chance(70))
                .orElseGet(writer::anyManifest);
    }

    private Digest anyDigest(ModelRepository repository) {
        return writer.anyOf(repository.live()).filter(_ -> writer.chance(90)).orElseGet(() -> writer.anyManifest()
                .digest());
    }

    /** As a client does: what is there already is not pushed, then the manifest. */
    private void pushWhole(ModelRepository repository, ModelManifest manifest, boolean tagged) {
        for (Digest child : manifest.children()) {
            if (!repository.live(child)) {
                pushWhole(repository, writer.content.manifest(child), false);
            }
        }
        for (Digest blob : manifest.blobs()) {
            boolean trusted = repository.sight(blob) == Sight.SHOWN && writer.chance(50);
            if (!trusted
                    && !(writer.chance(70) && head(repository, blob))
                    && !(writer.chance(30) && mount(repository, blob))) {
                blob(repository, blob);
            }
        }
        put(repository, manifest, tagged ? Optional.of(anyTag()) : Optional.empty());
    }

    /** Without a word of what it needs. */
    private void pushAlone(ModelRepository repository, ModelManifest manifest) {
        put(repository, manifest, writer.chance(50) ? Optional.of(anyTag()) : Optional.empty());
    }

    private void put(ModelRepository repository, ModelManifest manifest, Optional<String> tag) {
        writer.says("push-manifest", repository.name(), manifest.digest() + " " + tag.orElse(""));
        Expected expected = repository.pushing(manifest);
        Reference reference = tag.<Reference>map(Tag::new).orElse(manifest.digest());
        try {
            writer.patiently(() -> writer.replica.pushManifest(repository.name(), reference, manifest.content()));
        } catch (ManifestBlobUnknown refusal) {
            refused(expected, refusal);
            return;
        }
        done(expected);
        settle(repository, repository.pushed(manifest, tag));
        demandThere(repository, reference, manifest.digest());
    }

    private void blob(ModelRepository repository, Digest blob) {
        writer.pushBlob(repository.name(), blob);
        repository.linked(blob);
        ModelWriter.demand(
                reads(repository, blob), "%s was pushed to %s and is not there".formatted(blob, repository.name()));
    }

    private boolean mount(ModelRepository repository, Digest blob) {
        Optional<String> source = writer.chance(40)
                ? Optional.empty()
                : Optional.of(writer.any(Stream.concat(own.stream().map(ModelRepository::name), foreign.stream())
                        .toList()));
        writer.says("mount", repository.name(), blob + " from " + source.orElse("anywhere"));
        Expected expected = mounting(blob, source);
        Mount mount = writer.patiently(() ->
                writer.replica.mounts().mount(TestGrants.to(repository.name()), blob, source.map(TestGrants::to)));
        return switch (mount) {
            case Mount.Linked _ -> {
                done(expected);
                repository.linked(blob);
                ModelWriter.demand(
                        reads(repository, blob),
                        "%s was mounted to %s and is not there".formatted(blob, repository.name()));
                yield true;
            }
            case Mount.NotPossible _ -> {
                refused(expected, "not possible");
                yield false;
            }
        };
    }

    private Expected mounting(Digest blob, Optional<String> source) {
        List<Sight> sights = own.stream()
                .filter(one -> source.isEmpty() || source.get().equals(one.name()))
                .map(one -> one.sight(blob))
                .toList();
        if (sights.contains(Sight.SHOWN)) {
            return Expected.DONE;
        }
        // What others have, nobody knows.
        return source.isEmpty() || sights.isEmpty() || sights.contains(Sight.UNSURE)
                ? Expected.EITHER
                : Expected.REFUSED;
    }

    private boolean head(ModelRepository repository, Digest blob) {
        writer.says("head-blob", repository.name(), blob);
        Sight expected = repository.sight(blob);
        boolean found = ModelReader.head(writer.replica, repository.name(), blob);
        demandSeen(repository, blob, expected, found);
        if (found) {
            repository.linked(blob);
        }
        return found;
    }

    private void deleteTag(ModelRepository repository, String tag) {
        writer.says("delete-tag", repository.name(), tag);
        Expected expected = Expected.of(!repository.tags().containsKey(tag), false);
        if (deletes(repository, new Tag(tag), expected)) {
            settle(repository, repository.tagDeleted(tag));
            demandNothing(repository, new Tag(tag));
        }
    }

    private void deleteManifest(ModelRepository repository, Digest digest) {
        writer.says("delete-manifest", repository.name(), digest);
        if (deletes(repository, digest, repository.deletingManifest(digest))) {
            settle(repository, repository.manifestDeleted(digest));
            demandNothing(repository, digest);
        }
    }

    private boolean deletes(ModelRepository repository, Reference reference, Expected expected) {
        try {
            writer.patiently(() -> {
                writer.replica.deletes().manifest(TestGrants.to(repository.name()), reference, Precondition.NONE);
                return true;
            });
        } catch (ManifestUnknown | Denied refusal) {
            refused(expected, refusal);
            return false;
        }
        done(expected);
        return true;
    }

    private void deleteBlob(ModelRepository repository, Digest blob) {
        writer.says("delete-blob", repository.name(), blob);
        Expected expected = repository.deletingBlob(blob);
        try {
            writer.patiently(() -> {
                writer.replica.deletes().blob(TestGrants.to(repository.name()), blob);
                return true;
            });
        } catch (BlobUnknown | Denied refusal) {
            refused(expected, refusal);
            return;
        }
        done(expected);
        settle(repository, repository.blobDeleted(blob));
        ModelWriter.demand(
                !reads(repository, blob), "%s was deleted from %s and is there".formatted(blob, repository.name()));
    }

    private void undo(ModelRepository repository) {
        List<ModelRequest> all = repository.requests();
        List<ModelRequest> recent = all.subList(Math.max(0, all.size() - RECENT), all.size());
        Optional<ModelRequest> chosen = writer.anyOf(writer.chance(80) ? recent : all);
        chosen.ifPresent(request -> undo(repository, request));
    }

    /** Lets a policy take what it does not keep. */
    private void retain(ModelRepository repository) {
        Set<Digest> young = retention.young(repository.name());
        retention.run(repository.name()).ifPresent(expiry -> {
            ModelWriter.demand(
                    expiry.end() == End.DONE, "nobody else changed the policy, and yet its run was withdrawn");
            ModelWriter.demand(
                    expiry.tags().equals(expiry.expectedTags()),
                    "the policy should have taken the tags %s, and took %s"
                            .formatted(expiry.expectedTags(), expiry.tags()));
            Set<Digest> expected =
                    expiry.takesUntagged() ? repository.expiring(expiry.tags(), young) : Set.<Digest>of();
            ModelWriter.demand(
                    expiry.manifests().equals(expected),
                    "the policy should have taken the manifests %s, and took %s"
                            .formatted(expected, expiry.manifests()));
            writer.tally.count("expired-tags", expiry.tags().size());
            writer.tally.count("expired-manifests", expected.size());
            settle(repository, repository.expired(expiry.tags(), expected));
            lookAtAll(repository);
        });
    }

    /** Deletes a manifest and what it needs, and brings some of it back in any order. */
    private void takeApart(ModelRepository repository, Digest digest) {
        List<ModelRequest> all = repository.requests();
        int before = all.size();
        deleteManifest(repository, digest);
        writer.content.manifest(digest).blobs().stream()
                .filter(_ -> writer.chance(60))
                .forEach(blob -> deleteBlob(repository, blob));
        List<ModelRequest> made = List.copyOf(all.subList(before, all.size()));
        for (int i = 0; i < made.size(); i++) {
            undo(repository, writer.any(made));
        }
    }

    private void undo(ModelRepository repository, ModelRequest request) {
        writer.says("undo", repository.name(), request);
        Expected expected = repository.undoing(request);
        try {
            writer.patiently(() -> writer.undo.undo(
                    UndoScene.EVERYBODY, new RepositoryName(repository.name()), request.reference(), Optional.empty()));
        } catch (Conflict refusal) {
            refused(expected, UndoScene.kinds(refusal));
            return;
        }
        done(expected);
        settle(repository, repository.undone(request));
        request.events().forEach(event -> event.tag().ifPresent(tag -> demandTag(repository, tag)));
        Stream.of(ModelEvent.Kind.MANIFEST_DELETED, ModelEvent.Kind.MANIFEST_RESTORED)
                .flatMap(kind -> request.digests(kind).stream())
                .forEach(digest -> demandManifest(repository, digest));
        Stream.of(ModelEvent.Kind.BLOB_DELETED, ModelEvent.Kind.BLOB_RESTORED)
                .flatMap(kind -> request.digests(kind).stream())
                .forEach(digest -> demandBlob(repository, digest));
    }

    /** An upload that nobody ends. */
    private void abandon(ModelRepository repository) {
        writer.says("abandon-upload", repository.name(), "");
        writer.patiently(() -> {
            var upload = writer.replica.begin(repository.name());
            return writer.replica
                    .uploads()
                    .append(TestGrants.to(repository.name()), upload, RegistryHarness.chunk(new byte[100]));
        });
    }

    /** The history says what was done, and nothing else, and each tag goes on from where it was. */
    private void settle(ModelRepository repository, List<ModelEvent> expected) {
        repository.settle(writer.sql, expected);
    }

    private void done(Expected expected) {
        writer.adds("done, expected " + expected);
        writer.tally.count("answer-done");
        ModelWriter.demand(expected != Expected.REFUSED, "what should have been refused was done");
    }

    private void refused(Expected expected, Object why) {
        String text = why instanceof RegistryException refusal
                ? refusal.getClass().getSimpleName() + " " + refusal.getMessage()
                : why.toString();
        writer.adds("refused, expected %s: %s".formatted(expected, text));
        writer.tally.count("answer-refused");
        // Who says that something needs it must be right.
        boolean allowed = why instanceof Denied ? expected == Expected.REFUSED : expected != Expected.DONE;
        ModelWriter.demand(allowed, "what should have been done was refused: %s".formatted(text));
    }

    /** Looks at something, whatever was done. */
    private void look(ModelRepository repository) {
        writer.tally.count("read");
        demandTag(repository, anyTag());
        demandManifest(repository, writer.anyManifest().digest());
        demandBlob(repository, writer.anyBlob());
        writer.anyOf(repository.live()).ifPresent(digest -> writer.content
                .manifest(digest)
                .blobs()
                .forEach(blob -> ModelWriter.demand(
                        reads(repository, blob), "%s in %s lacks %s".formatted(digest, repository.name(), blob))));
    }

    /** Looks at everything. */
    void lookAtAll(ModelRepository repository) {
        for (int i = 0; i < TAGS; i++) {
            demandTag(repository, "v" + i);
        }
        writer.content.manifests().forEach(manifest -> demandManifest(repository, manifest.digest()));
        writer.content.blobs().forEach(blob -> demandBlob(repository, blob));
    }

    private void demandTag(ModelRepository repository, String tag) {
        Optional<Digest> expected = Optional.ofNullable(repository.tags().get(tag));
        expected.ifPresentOrElse(
                digest -> demandThere(repository, new Tag(tag), digest), () -> demandNothing(repository, new Tag(tag)));
    }

    private void demandManifest(ModelRepository repository, Digest digest) {
        if (repository.live(digest)) {
            demandThere(repository, digest, digest);
        } else {
            demandNothing(repository, digest);
        }
    }

    private void demandThere(ModelRepository repository, Reference reference, Digest expected) {
        Optional<Digest> found = ModelReader.manifest(writer.replica, repository.name(), reference);
        ModelWriter.demand(
                found.equals(Optional.of(expected)),
                "%s in %s should be %s and is %s".formatted(reference, repository.name(), expected, found));
    }

    private void demandNothing(ModelRepository repository, Reference reference) {
        Optional<Digest> found = ModelReader.manifest(writer.replica, repository.name(), reference);
        ModelWriter.demand(
                found.isEmpty(),
                "%s in %s should not be there, and is %s".formatted(reference, repository.name(), found));
    }

    private void demandBlob(ModelRepository repository, Digest blob) {
        demandSeen(repository, blob, repository.sight(blob), reads(repository, blob));
    }

    private void demandSeen(ModelRepository repository, Digest blob, Sight expected, boolean found) {
        ModelWriter.demand(
                expected == Sight.UNSURE || found == (expected == Sight.SHOWN),
                "%s in %s should be %s, and %s"
                        .formatted(blob, repository.name(), expected, found ? "is there" : "is not"));
        if (!found && expected == Sight.UNSURE) {
            writer.tally.count("collected-and-seen");
            repository.lost(blob);
        }
    }

    private boolean reads(ModelRepository repository, Digest blob) {
        return ModelReader.blob(writer.replica, repository.name(), blob);
    }
}
