package dev.moorage.lifecycle;

import dev.moorage.access.TestGrants;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.RegistryException.BlobUnknown;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.error.RegistryException.ManifestBlobUnknown;
import dev.moorage.error.RegistryException.ManifestUnknown;
import dev.moorage.lifecycle.ModelContent.ModelManifest;
import dev.moorage.name.Digest;
import dev.moorage.name.Reference;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.registry.Precondition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a writer does in repositories that others change at the same time.
 *
 * <p>What he pushed may be deleted a moment later: then the history must say so. Nothing else may go, for no time passes
 * within an operation.
 */
final class ModelSharer {

    private static final int TAGS = 4;

    private static final String DELETIONS = """
            SELECT e.from_digest, count(*)
            FROM repository r
            JOIN event e ON (e.organization_id, e.repository_id) = (r.organization_id, r.id)
            WHERE r.name = ? AND e.kind IN ('manifest_deleted', 'blob_deleted')
            GROUP BY e.from_digest
            """;

    private static final String RECENT = """
            SELECT e.reference
            FROM repository r
            JOIN event e ON (e.organization_id, e.repository_id) = (r.organization_id, r.id)
            WHERE r.name = ?
            ORDER BY e.id DESC
            LIMIT 20
            """;

    private final ModelWriter writer;
    private final ModelRetention retention;
    private final List<ModelShared> shared;

    ModelSharer(ModelWriter writer, List<ModelShared> shared) {
        this.writer = writer;
        this.retention = new ModelRetention(writer);
        this.shared = shared;
    }

    /** Something with a certain frequency. */
    void step() {
        ModelShared repository = writer.any(shared);
        int dice = writer.random.nextInt(100);
        if (dice < 40) {
            push(repository);
        } else if (dice < 48) {
            delete(repository, "delete-tag", anyTag());
        } else if (dice < 60) {
            delete(
                    repository,
                    "delete-manifest",
                    writer.any(repository.content().manifests()).digest());
        } else if (dice < 70) {
            deleteBlob(repository);
        } else if (dice < 82) {
            undo(repository);
        } else if (dice < 86) {
            retain(repository);
        } else {
            pull(repository);
        }
    }

    private Tag anyTag() {
        return new Tag("v" + writer.random.nextInt(TAGS));
    }

    private void push(ModelShared repository) {
        Map<String, Long> before = deletions(repository);
        ModelManifest manifest = writer.any(repository.content().manifests());
        if (!putAll(repository, manifest, before)) {
            return;
        }
        Tag tag = anyTag();
        if (put(repository, manifest, tag, before)) {
            repository.acknowledged(tag, manifest.digest());
            pull(repository, tag);
        }
    }

    private boolean putAll(ModelShared repository, ModelManifest manifest, Map<String, Long> before) {
        for (Digest child : manifest.children()) {
            ModelManifest needed = repository.content().manifest(child);
            if (!putAll(repository, needed, before) || !put(repository, needed, child, before)) {
                return false;
            }
        }
        for (Digest blob : manifest.blobs()) {
            writer.says("head-blob", repository.name(), blob);
            if (!ModelReader.head(writer.replica, repository.name(), blob)) {
                writer.pushBlob(repository.name(), blob);
            }
        }
        return true;
    }

    private boolean put(ModelShared repository, ModelManifest manifest, Reference reference, Map<String, Long> before) {
        writer.says("push-manifest", repository.name(), manifest.digest() + " " + reference);
        try {
            writer.patiently(() -> writer.replica.pushManifest(repository.name(), reference, manifest.content()));
        } catch (ManifestBlobUnknown refusal) {
            writer.adds("refused: " + refusal.getMessage());
            writer.tally.count("answer-refused");
            Map<String, Long> now = deletions(repository);
            boolean deleted = manifest.blobs().stream().anyMatch(blob -> deleted(blob, before, now))
                    || manifest.children().stream().anyMatch(child -> deleted(child, before, now));
            ModelWriter.demand(deleted, "nobody deleted anything, and yet %s was refused".formatted(manifest.digest()));
            return false;
        }
        writer.adds("done");
        writer.tally.count("answer-done");
        return true;
    }

    private void delete(ModelShared repository, String kind, Reference reference) {
        writer.says(kind, repository.name(), reference);
        try {
            writer.patiently(() -> {
                writer.replica.deletes().manifest(TestGrants.to(repository.name()), reference, Precondition.NONE);
                return true;
            });
        } catch (ManifestUnknown | Denied refusal) {
            refused(refusal.getMessage());
            return;
        }
        done(repository, reference instanceof Digest ? "manifest_deleted" : "tag");
    }

    private void deleteBlob(ModelShared repository) {
        Digest blob = writer.any(repository.content().blobs());
        writer.says("delete-blob", repository.name(), blob);
        try {
            writer.patiently(() -> {
                writer.replica.deletes().blob(TestGrants.to(repository.name()), blob);
                return true;
            });
        } catch (BlobUnknown | Denied refusal) {
            refused(refusal.getMessage());
            return;
        }
        done(repository, "blob_deleted");
    }

    private void undo(ModelShared repository) {
        Optional<String> reference = writer.anyOf(writer.sql.rows(RECENT, repository.name()));
        if (reference.isEmpty()) {
            return;
        }
        writer.says("undo", repository.name(), reference.get());
        try {
            writer.patiently(() -> writer.undo.undo(
                    UndoScene.EVERYBODY, new RepositoryName(repository.name()), reference.get(), Optional.empty()));
        } catch (Conflict refusal) {
            refused(UndoScene.kinds(refusal).toString());
            return;
        }
        done(repository, "undo");
    }

    /** What others do meanwhile keeps things from going; what went is in the history. */
    private void retain(ModelShared repository) {
        retention.run(repository.name()).ifPresent(expiry -> {
            repository.done().count("manifest_deleted", expiry.manifests().size());
            writer.tally.count("expired-tags", expiry.tags().size());
            writer.tally.count("expired-manifests", expiry.manifests().size());
        });
    }

    private void done(ModelShared repository, String what) {
        repository.done().count(what);
        writer.adds("done");
        writer.tally.count("answer-done");
    }

    private void refused(String why) {
        writer.adds("refused: " + why);
        writer.tally.count("answer-refused");
    }

    private void pull(ModelShared repository) {
        pull(repository, anyTag());
    }

    /** A live manifest has all its blobs: one that lacks any was deleted since it was read. */
    private void pull(ModelShared repository, Tag tag) {
        writer.says("pull", repository.name(), tag);
        Map<String, Long> before = deletions(repository);
        Optional<Digest> found = ModelReader.manifest(writer.replica, repository.name(), tag);
        if (found.isEmpty()) {
            return;
        }
        for (Digest blob : repository.content().manifest(found.get()).blobs()) {
            boolean there = ModelReader.blob(writer.replica, repository.name(), blob);
            ModelWriter.demand(
                    there || deleted(found.get(), before, deletions(repository)),
                    "%s of %s is not there, and the manifest was not deleted".formatted(blob, found.get()));
        }
    }

    private Map<String, Long> deletions(ModelShared repository) {
        Map<String, Long> counts = new HashMap<>();
        writer.sql.rows(DELETIONS, repository.name()).forEach(row -> {
            int blank = row.indexOf(' ');
            counts.put(row.substring(0, blank), Long.parseLong(row.substring(blank + 1)));
        });
        return counts;
    }

    private static boolean deleted(Digest digest, Map<String, Long> before, Map<String, Long> now) {
        return now.getOrDefault(digest.toString(), 0L) > before.getOrDefault(digest.toString(), 0L);
    }
}
