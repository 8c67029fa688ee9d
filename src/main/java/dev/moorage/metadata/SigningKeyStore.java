package dev.moorage.metadata;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/** The keys that sign tokens, shared by all replicas. */
@Singleton
public class SigningKeyStore {

    private static final String ALL = """
            SELECT kid, algorithm, public_key, private_key, active_from, retires_at, expires_at
            FROM signing_key
            WHERE expires_at > now()
            ORDER BY active_from DESC, kid
            """;

    private static final String NOW = "SELECT now()";

    private static final String LOCK = "SELECT pg_advisory_xact_lock(5012, 2)";

    private static final String NEW_KEY = """
            INSERT INTO signing_key (kid, algorithm, public_key, private_key, active_from, retires_at, expires_at)
            SELECT ?, ?, ?, ?, start, start + ? * interval '1 second', start + ? * interval '1 second'
            FROM (SELECT now() + ? * interval '1 second' AS start) s
            """;

    private static final String REMOVE_OLD = """
            DELETE FROM signing_key
            WHERE expires_at <= now()
            """;

    /**
     * A key.
     *
     * @param kid its name
     * @param algorithm how it signs, as tokens write it
     * @param publicKey its public half, encoded as X.509 has it
     * @param privateKey its private half, encrypted
     * @param activeFrom from when on it may sign
     * @param retiresAt until when it may sign
     * @param expiresAt until when it verifies
     */
    @SuppressWarnings("ArrayRecordComponent") // Passed on once, never compared.
    public record SigningKeyRow(
            String kid,
            String algorithm,
            byte[] publicKey,
            byte[] privateKey,
            Instant activeFrom,
            Instant retiresAt,
            Instant expiresAt) {}

    /**
     * When a new key begins and ends.
     *
     * @param lead how long after now it begins to sign; replicas learn of it meanwhile
     * @param signs how long it signs
     * @param verifies how long after its beginning it is published
     */
    public record Span(Duration lead, Duration signs, Duration verifies) {}

    /** All keys that verify, the one that begins last first. */
    @AcrossTenants("the registry's own keys")
    public List<SigningKeyRow> all(Transaction transaction) {
        return transaction.all(ALL, SigningKeyStore::row);
    }

    /** Keeps other replicas from making keys until the transaction ends; the database's time. */
    @AcrossTenants("the registry's own keys")
    public Instant lock(Transaction transaction) {
        transaction.first(LOCK, row -> true);
        return transaction
                .first(NOW, row -> row.getObject(1, OffsetDateTime.class).toInstant())
                .orElseThrow();
    }

    /** Keeps a new key. */
    @AcrossTenants("the registry's own keys")
    public void insert(
            Transaction transaction, String kid, String algorithm, byte[] publicKey, byte[] privateKey, Span span) {
        transaction.change(
                NEW_KEY,
                kid,
                algorithm,
                publicKey,
                privateKey,
                span.signs().toSeconds(),
                span.verifies().toSeconds(),
                span.lead().toSeconds());
    }

    /** Removes keys that verify no more. */
    @AcrossTenants("the registry's own keys")
    public void removeOld(Transaction transaction) {
        transaction.change(REMOVE_OLD);
    }

    private static SigningKeyRow row(ResultSet row) throws SQLException {
        return new SigningKeyRow(
                row.getString(1),
                row.getString(2),
                row.getBytes(3),
                row.getBytes(4),
                row.getObject(5, OffsetDateTime.class).toInstant(),
                row.getObject(6, OffsetDateTime.class).toInstant(),
                row.getObject(7, OffsetDateTime.class).toInstant());
    }
}
