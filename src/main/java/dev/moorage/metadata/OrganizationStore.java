package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Visibility;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Organizations, as those who manage them see and change them. */
@Singleton
public class OrganizationStore {

    private static final String LIVE = """
            SELECT o.id, o.name, o.default_visibility, o.created_at, o.undo_window_seconds
            FROM organization o
            WHERE o.deleted_at IS NULL
            """;

    private static final String BY_NAME = LIVE + "AND o.name = ?";

    // Its name is nobody else's until it is gone.
    private static final String DELETED_BY_NAME = """
            SELECT o.id
            FROM organization o
            WHERE o.name = ? AND o.restorable_until IS NOT NULL
            """;

    // Who changes who may what waits here for each other, and nobody who pushes waits for them.
    private static final String LOCKED = BY_NAME + " FOR NO KEY UPDATE";

    // Who makes a repository holds the key of this row: none is made once it is taken.
    private static final String LOCKED_WHOLE = BY_NAME + " FOR UPDATE";

    private static final String ALL_AFTER = LIVE + "AND o.name > ? ORDER BY o.name LIMIT ?";
    private static final String AMONG_AFTER = LIVE + "AND o.name = ANY (?) AND o.name > ? ORDER BY o.name LIMIT ?";

    private static final String NEW_ORGANIZATION = """
            INSERT INTO organization (name, default_visibility)
            VALUES (?, ?)
            ON CONFLICT (name) WHERE deleted_at IS NULL DO NOTHING
            RETURNING id, name, default_visibility, created_at, undo_window_seconds
            """;

    private static final String CHANGE = """
            UPDATE organization
            SET default_visibility = ?, undo_window_seconds = ?::bigint
            WHERE id = ?
            """;

    private static final String WITHIN_WINDOW = """
            SELECT ?::timestamptz BETWEEN now() - coalesce(o.undo_window_seconds, ?) * interval '1 second' AND now()
            FROM organization o
            WHERE o.id = ?
            """;

    private static final String CONTENTS = """
            SELECT
                (SELECT count(*) FROM repository WHERE organization_id = o.id AND deleted_at IS NULL),
                (SELECT count(*) FROM team WHERE organization_id = o.id),
                (SELECT count(*) FROM robot WHERE organization_id = o.id AND deleted_at IS NULL),
                (SELECT count(*) FROM trusted_issuer WHERE organization_id = o.id)
            FROM organization o
            WHERE o.id = ?
            """;

    private static final String DELETE = """
            WITH gone AS (
                DELETE FROM permission_grant
                WHERE organization_id = ?)
            UPDATE organization
            SET deleted_at = now()
            WHERE id = ?
            """;

    /**
     * An organization.
     *
     * @param id its identity
     * @param name its name
     * @param defaultVisibility that of repositories that are made by a push
     * @param createdAt when it was made
     * @param undoWindow how long what is deleted can be brought back; empty for as long as the setting says
     */
    public record Row(
            OrganizationId id,
            OrganizationName name,
            Visibility defaultVisibility,
            Instant createdAt,
            Optional<Duration> undoWindow) {}

    /** How many things of each kind an organization holds. */
    public record Contents(long repositories, long teams, long robots, long trustedIssuers) {}

    /** For what an organization is locked. */
    public enum Lock {
        /** For nothing: it is read. */
        NONE,
        /** To change who may what in it. */
        RIGHTS,
        /** To delete it. */
        WHOLE
    }

    /** The organization of a name. */
    public Optional<Row> find(Transaction transaction, OrganizationName name, Lock lock) {
        String statement =
                switch (lock) {
                    case NONE -> BY_NAME;
                    case RIGHTS -> LOCKED;
                    case WHOLE -> LOCKED_WHOLE;
                };
        return transaction.first(statement, OrganizationStore::row, name.value());
    }

    /** The organization of a name that was deleted with all that is in it, and is not gone yet. */
    public Optional<OrganizationId> findDeleted(Transaction transaction, OrganizationName name) {
        return transaction.first(DELETED_BY_NAME, row -> new OrganizationId(row.getLong(1)), name.value());
    }

    /** Organizations in the order of their names, from behind one. */
    @AcrossTenants("an administrator sees every organization")
    public List<Row> page(Transaction transaction, String after, int limit) {
        return transaction.all(ALL_AFTER, OrganizationStore::row, after, limit);
    }

    /** Those of some organizations that live, as {@link #page}. */
    @AcrossTenants("the organizations in which the caller holds a role")
    public List<Row> page(Transaction transaction, Collection<OrganizationName> among, String after, int limit) {
        TextArray names =
                new TextArray(among.stream().map(OrganizationName::value).toList());
        return transaction.all(AMONG_AFTER, OrganizationStore::row, names, after, limit);
    }

    /** Makes an organization; empty where the name is taken. */
    public Optional<Row> insert(Transaction transaction, OrganizationName name, Visibility defaultVisibility) {
        return transaction.first(NEW_ORGANIZATION, OrganizationStore::row, name.value(), defaultVisibility.text());
    }

    /** Sets the visibility of repositories to come, and how long what is deleted from now on can be brought back. */
    public void change(
            Transaction transaction, OrganizationId id, Visibility defaultVisibility, Optional<Duration> undoWindow) {
        transaction.change(CHANGE, defaultVisibility.text(), undoWindow.map(Duration::toSeconds), id.value());
    }

    /**
     * Whether a time lies within an organization's window of undo, and not in the future, by the database's clock.
     *
     * @param usual how long the window is, where the organization says nothing
     */
    public boolean isWithinWindow(Transaction transaction, OrganizationId id, Instant at, Duration usual) {
        return transaction
                .first(WITHIN_WINDOW, row -> row.getBoolean(1), Columns.time(at), usual.toSeconds(), id.value())
                .orElse(false);
    }

    /** What an organization holds. */
    public Contents contents(Transaction transaction, OrganizationId id) {
        return transaction
                .first(
                        CONTENTS,
                        row -> new Contents(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                        id.value())
                .orElseThrow();
    }

    /** Deletes an organization with the roles in it; its name can be used again. */
    public void delete(Transaction transaction, OrganizationId id) {
        transaction.change(DELETE, id.value(), id.value());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new OrganizationId(row.getLong(1)),
                new OrganizationName(row.getString(2)),
                Visibility.parse(row.getString(3)).orElseThrow(),
                row.getObject(4, OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject(5, Long.class)).map(Duration::ofSeconds));
    }
}
