package dev.moorage.metadata;

import dev.moorage.metadata.RestoreStore.Presence;
import dev.moorage.name.OrganizationId;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Organizations as they are hidden with all that is in them, and shown again: by their own row alone, however much is in them.
 *
 * <p>Whatever finds a repository, a role, a robot or a trusted issuer asks whether the organization lives.
 */
@Singleton
public class OrganizationHidingStore {

    // One that held nothing when it was deleted cannot be brought back, and one that has begun to go is gone.
    private static final String LOCK = """
            SELECT deleted_at IS NOT NULL
            FROM organization
            WHERE id = ? AND collected_at IS NULL AND (deleted_at IS NULL OR restorable_until IS NOT NULL)
            FOR UPDATE
            """;

    private static final String HIDE = """
            UPDATE organization
            SET deleted_at = now(), restorable_until = now() + coalesce(undo_window_seconds, ?) * interval '1 second'
            WHERE id = ?
            RETURNING restorable_until
            """;

    private static final String SHOW = """
            UPDATE organization
            SET deleted_at = NULL, restorable_until = NULL
            WHERE id = ?
            """;

    private static final String ANY_RULE = """
            SELECT true
            FROM immutability_rule i
            LEFT JOIN repository r ON r.organization_id = i.organization_id AND r.id = i.repository_id
            WHERE i.organization_id = ? AND (i.repository_id IS NULL OR r.deleted_at IS NULL)
            LIMIT 1
            """;

    /** Locks an organization against everything that is made in it, and answers whether it is hidden; empty if gone. */
    public Optional<Presence> lock(Transaction transaction, OrganizationId organization) {
        return transaction.first(
                LOCK, row -> row.getBoolean(1) ? Presence.HIDDEN : Presence.SHOWN, organization.value());
    }

    /**
     * Hides a locked organization, and answers until when it can be brought back.
     *
     * @param window how long, where the organization says nothing else
     */
    public OffsetDateTime hide(Transaction transaction, OrganizationId organization, Duration window) {
        return transaction
                .first(HIDE, row -> row.getObject(1, OffsetDateTime.class), window.toSeconds(), organization.value())
                .orElseThrow();
    }

    /** Shows a locked organization under its name, which was kept for it. */
    public void show(Transaction transaction, OrganizationId organization) {
        transaction.change(SHOW, organization.value());
    }

    /** Whether any rule of an organization, or of a live repository in it, keeps tags on their manifests. */
    public boolean anyRule(Transaction transaction, OrganizationId organization) {
        return transaction.first(ANY_RULE, _ -> true, organization.value()).isPresent();
    }
}
