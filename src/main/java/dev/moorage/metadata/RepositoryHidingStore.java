package dev.moorage.metadata;

import dev.moorage.metadata.RestoreStore.Presence;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Repositories as they are hidden with all that is in them, and shown again. */
@Singleton
public class RepositoryHidingStore {

    // One whose content has begun to go is gone.
    private static final String LOCK = """
            SELECT deleted_at IS NOT NULL
            FROM repository
            WHERE organization_id = ? AND id = ? AND collected_at IS NULL
            FOR UPDATE
            """;

    private static final String HIDE = """
            UPDATE repository
            SET deleted_at = now()
            WHERE organization_id = ? AND id = ?
            """;

    private static final String SHOW = """
            UPDATE repository
            SET deleted_at = NULL
            WHERE organization_id = ? AND id = ?
            """;

    private static final String TAKEN = """
            SELECT true
            FROM repository
            WHERE name = ? AND deleted_at IS NULL
            """;

    private static final String SHARE_ORGANIZATION = """
            SELECT true
            FROM organization
            WHERE id = ? AND deleted_at IS NULL
            FOR KEY SHARE
            """;

    // A pattern has letters that a tag may have, and * and ?: of those that LIKE knows it is only the underscore.
    private static final String IMMUTABLE_TAGS = """
            SELECT DISTINCT t.name
            FROM immutability_rule i
            JOIN tag t ON t.organization_id = i.organization_id AND t.repository_id = ?
                AND t.name LIKE replace(replace(replace(i.tag_pattern, '_', '\\_'), '*', '%'), '?', '_')
            WHERE i.organization_id = ? AND (i.repository_id IS NULL OR i.repository_id = ?)
            ORDER BY t.name
            LIMIT ?
            """;

    // It may have been brought back meanwhile.
    private static final String END_UPLOADS = """
            UPDATE upload
            SET expires_at = now()
            WHERE organization_id = ? AND repository_id = ? AND expires_at > now()
                AND EXISTS (
                    SELECT
                    FROM repository r
                    WHERE r.organization_id = upload.organization_id AND r.id = upload.repository_id
                        AND r.deleted_at IS NOT NULL)
            """;

    /** Locks a repository against everything that is written in it, and answers whether it is hidden; empty if gone. */
    public Optional<Presence> lock(Transaction transaction, RepositoryKey repository) {
        return transaction.first(
                LOCK,
                row -> row.getBoolean(1) ? Presence.HIDDEN : Presence.SHOWN,
                repository.organization().value(),
                repository.repository().value());
    }

    /** Hides a locked repository. */
    public void hide(Transaction transaction, RepositoryKey repository) {
        transaction.change(
                HIDE, repository.organization().value(), repository.repository().value());
    }

    /** Shows a locked repository; false where its name was taken a moment ago, and the transaction is to be given up. */
    public boolean show(Transaction transaction, RepositoryKey repository) {
        try {
            transaction.change(
                    SHOW,
                    repository.organization().value(),
                    repository.repository().value());
            return true;
        } catch (DatabaseFailure e) {
            if (e.isTaken()) {
                return false;
            }
            throw e;
        }
    }

    /** Whether there is a live repository of a name. */
    public boolean isTaken(Transaction transaction, RepositoryName name) {
        return transaction.first(TAKEN, _ -> true, name.value()).isPresent();
    }

    /** Keeps a live organization from being deleted until the transaction ends; false where there is none. */
    public boolean shareOrganization(Transaction transaction, OrganizationId organization) {
        return transaction
                .first(SHARE_ORGANIZATION, _ -> true, organization.value())
                .isPresent();
    }

    /** Tags of a locked repository that a rule keeps on their manifests, the first few by name. */
    public List<Tag> immutableTags(Transaction transaction, RepositoryKey repository, int limit) {
        return transaction.all(
                IMMUTABLE_TAGS,
                row -> new Tag(row.getString(1)),
                repository.repository().value(),
                repository.organization().value(),
                repository.repository().value(),
                limit);
    }

    /** Ends the time of all uploads of a repository that is hidden still, which cannot be found any more. */
    public void endUploads(Transaction transaction, RepositoryKey repository) {
        transaction.change(
                END_UPLOADS,
                repository.organization().value(),
                repository.repository().value());
    }
}
