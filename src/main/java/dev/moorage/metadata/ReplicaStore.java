package dev.moorage.metadata;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/** The programs that serve this registry, by their own word. */
@Singleton
public class ReplicaStore {

    private static final int MOST = 1000;

    private static final String SEEN = """
            INSERT INTO replica (id, host, version)
            VALUES (?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET seen_at = now()
            """;

    private static final String REMOVE_OLD = """
            DELETE FROM replica
            WHERE seen_at < now() - interval '10 minutes'
            """;

    private static final String ALL = """
            SELECT id, host, version, started_at, seen_at, seen_at < now() - interval '1 minute' AS silent
            FROM replica
            ORDER BY started_at, id
            LIMIT ?
            """;

    /** A program, and whether it has not been heard of for a minute. */
    public record Replica(UUID id, String host, String version, Instant startedAt, Instant seenAt, Standing standing) {}

    /** Whether a program is there. */
    public enum Standing {
        SERVING,
        SILENT
    }

    /** Writes down that a program is there, and forgets those that have long not been. */
    @AcrossTenants("programs serve all tenants")
    public void seen(Transaction transaction, UUID id, String host, String version) {
        transaction.change(SEEN, id, host, version);
        transaction.change(REMOVE_OLD);
    }

    /** The programs that were there within ten minutes, the oldest first, the first {@value #MOST}. */
    @AcrossTenants("programs serve all tenants")
    public List<Replica> all(Transaction transaction) {
        return transaction.all(
                ALL,
                row -> new Replica(
                        row.getObject("id", UUID.class),
                        row.getString("host"),
                        row.getString("version"),
                        row.getObject("started_at", OffsetDateTime.class).toInstant(),
                        row.getObject("seen_at", OffsetDateTime.class).toInstant(),
                        row.getBoolean("silent") ? Standing.SILENT : Standing.SERVING),
                MOST);
    }
}
