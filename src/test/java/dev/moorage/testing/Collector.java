package dev.moorage.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * Takes rows away for good as the design says that collection does: the row is locked FOR UPDATE, one new statement asks
 * for everything that keeps it, then it goes.
 */
public final class Collector {

    /** What became of the row. */
    public enum Outcome {
        /** It is gone. */
        TAKEN,
        /** Something keeps it, or it was not there. */
        KEPT
    }

    private static final String REPOSITORY = "SELECT id FROM repository WHERE organization_id = ? AND id = ? FOR SHARE";

    private static final String LINK = """
            SELECT b.size
            FROM repository_blob l
            JOIN blob b ON b.digest = l.digest
            WHERE l.organization_id = ? AND l.repository_id = ? AND l.digest = ?
            FOR UPDATE OF l
            """;

    private static final String LINK_IS_KEPT = """
            SELECT 1
            FROM repository_blob l
            WHERE l.organization_id = ? AND l.repository_id = ? AND l.digest = ?
                AND (l.leased_at > now() - interval '25 hours'
                    OR EXISTS (SELECT FROM manifest_blob r WHERE (r.organization_id, r.repository_id, r.blob_digest)
                        = (l.organization_id, l.repository_id, l.digest))
                    OR EXISTS (SELECT FROM hold h WHERE (h.organization_id, h.repository_id, h.kind, h.digest)
                        = (l.organization_id, l.repository_id, 'link', l.digest) AND h.held_until > now()))
            """;

    private static final String MANIFEST = """
            SELECT size
            FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            FOR UPDATE
            """;

    private static final String MANIFEST_IS_KEPT = """
            SELECT 1
            FROM manifest m
            WHERE m.organization_id = ? AND m.repository_id = ? AND m.digest = ?
                AND (m.leased_at > now() - interval '25 hours'
                    OR EXISTS (SELECT FROM tag t WHERE (t.organization_id, t.repository_id, t.manifest_digest)
                        = (m.organization_id, m.repository_id, m.digest))
                    OR EXISTS (SELECT FROM manifest_child c WHERE (c.organization_id, c.repository_id, c.child_digest)
                        = (m.organization_id, m.repository_id, m.digest))
                    OR EXISTS (SELECT FROM hold h WHERE (h.organization_id, h.repository_id, h.kind, h.digest)
                        = (m.organization_id, m.repository_id, 'manifest', m.digest) AND h.held_until > now()))
            """;

    private final Sql sql;

    public Collector(DataSource source) {
        this.sql = new Sql(source);
    }

    /** Lets the day pass that leases promise, and the time of every hold. */
    public void letTimePass() {
        sql.change("UPDATE repository_blob SET leased_at = leased_at - interval '26 hours'");
        sql.change("UPDATE manifest SET leased_at = leased_at - interval '26 hours'");
        sql.change("UPDATE hold SET held_until = held_until - interval '8 days'");
    }

    /** Soft-deletes a repository. */
    public Outcome repository(String name) {
        return sql.inTransaction(connection -> {
            Sql.rows(connection, "SELECT id FROM repository WHERE name = ? AND deleted_at IS NULL FOR UPDATE", name);
            return outcome(Sql.change(
                    connection,
                    "UPDATE repository SET deleted_at = now() WHERE name = ? AND deleted_at IS NULL",
                    name));
        });
    }

    /** Takes a link away. */
    public Outcome link(String repository, String digest) {
        return sql.inTransaction(connection -> link(connection, repository, digest));
    }

    /** Takes the row of a blob away; its object goes later, from the tombstone. */
    public Outcome blob(String digest) {
        return sql.inTransaction(connection -> blob(connection, digest));
    }

    /** Takes a link and then its blob away, in one transaction. */
    public Outcome linkAndBlob(String repository, String digest) {
        return sql.inTransaction(connection -> {
            link(connection, repository, digest);
            return blob(connection, digest);
        });
    }

    /** Takes a manifest away with its references. */
    public Outcome manifest(String repository, String digest) {
        return sql.inTransaction(connection -> {
            Object[] key = key(connection, repository, digest);
            List<String> size = Sql.rows(connection, MANIFEST, key);
            if (size.isEmpty() || !Sql.rows(connection, MANIFEST_IS_KEPT, key).isEmpty()) {
                return Outcome.KEPT;
            }
            delete(connection, "manifest_blob", "manifest_digest", key);
            delete(connection, "manifest_child", "manifest_digest", key);
            uncount(connection, "manifest", size.getFirst(), key[0], key[1]);
            return outcome(delete(connection, "manifest", "digest", key));
        });
    }

    private static Outcome link(Connection connection, String repository, String digest) throws SQLException {
        Object[] key = key(connection, repository, digest);
        List<String> size = Sql.rows(connection, LINK, key);
        if (size.isEmpty() || !Sql.rows(connection, LINK_IS_KEPT, key).isEmpty()) {
            return Outcome.KEPT;
        }
        uncount(connection, "link", size.getFirst(), key[0], key[1]);
        Sql.change(
                connection,
                "UPDATE organization_blob SET links = links - 1 WHERE organization_id = ? AND digest = ?",
                key[0],
                digest);
        if (Sql.change(
                        connection,
                        "DELETE FROM organization_blob WHERE organization_id = ? AND digest = ? AND links = 0",
                        key[0],
                        digest)
                == 1) {
            Sql.change(
                    connection,
                    "INSERT INTO usage_entry (organization_id, kind, items, bytes) VALUES (?, 'blob', -1, ?)",
                    key[0],
                    -Long.parseLong(size.getFirst()));
        }
        return outcome(delete(connection, "repository_blob", "digest", key));
    }

    private static Outcome blob(Connection connection, String digest) throws SQLException {
        if (Sql.rows(connection, "SELECT size FROM blob WHERE digest = ? FOR UPDATE", digest)
                        .isEmpty()
                || !Sql.rows(connection, "SELECT 1 FROM repository_blob WHERE digest = ?", digest)
                        .isEmpty()) {
            return Outcome.KEPT;
        }
        Sql.change(connection, """
                WITH gone AS (DELETE FROM blob WHERE digest = ? RETURNING storage_key, size)
                INSERT INTO tombstone (storage_key, size, not_before, why)
                SELECT storage_key, size, now() + interval '1 hour', 'no repository shows it'
                FROM gone
                """, digest);
        return Outcome.TAKEN;
    }

    private static Object[] key(Connection connection, String repository, String digest) throws SQLException {
        long organization = id(connection, "organization_id", repository);
        long id = id(connection, "id", repository);
        Sql.rows(connection, REPOSITORY, organization, id);
        return new Object[] {organization, id, digest};
    }

    private static long id(Connection connection, String column, String repository) throws SQLException {
        return Long.parseLong(Sql.rows(
                        connection,
                        "SELECT %s FROM repository WHERE name = ? AND deleted_at IS NULL".formatted(column),
                        repository)
                .getFirst());
    }

    private static int delete(Connection connection, String table, String column, Object[] key) throws SQLException {
        return Sql.change(
                connection,
                "DELETE FROM %s WHERE organization_id = ? AND repository_id = ? AND %s = ?".formatted(table, column),
                key);
    }

    private static void uncount(Connection connection, String kind, String size, Object organization, Object repository)
            throws SQLException {
        Sql.change(
                connection,
                "INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes) VALUES (?, ?, ?, -1, ?)",
                organization,
                repository,
                kind,
                -Long.parseLong(size));
    }

    private static Outcome outcome(int changed) {
        return changed == 1 ? Outcome.TAKEN : Outcome.KEPT;
    }
}
