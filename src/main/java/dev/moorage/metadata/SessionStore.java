package dev.moorage.metadata;

import dev.moorage.name.AccountId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Sessions of the console: what a browser shows instead of a password, for as long as it is used, and no longer than some days. */
@Singleton
public class SessionStore {

    private static final String BY_SECRET = """
            SELECT s.id, a.id, a.name, a.password_hash, a.administrator, a.epoch,
                s.last_used_at < now() - interval '1 minute'
            FROM console_session s
            JOIN account a ON a.id = s.account_id
            WHERE s.secret_hash = ? AND s.expires_at > now() AND a.disabled_at IS NULL AND a.deleted_at IS NULL
            """;

    // What ends an account's sessions waits for this one, and then ends it; or was before it, and there is no row.
    private static final String NEW_SESSION = """
            INSERT INTO console_session (secret_hash, account_id, address, client, ends_at, expires_at)
            SELECT ?, a.id, ?, ?, now() + ? * interval '1 second', now() + ? * interval '1 second'
            FROM account a
            WHERE a.id = ? AND a.epoch = ? AND a.disabled_at IS NULL AND a.deleted_at IS NULL
            FOR SHARE OF a
            """;

    private static final String TRIM = """
            DELETE FROM console_session
            WHERE account_id = ? AND id NOT IN (
                SELECT s.id
                FROM console_session s
                WHERE s.account_id = ?
                ORDER BY s.last_used_at DESC, s.created_at DESC, s.id
                LIMIT ?)
            """;

    private static final String USED = """
            UPDATE console_session
            SET last_used_at = now(), expires_at = least(ends_at, now() + ? * interval '1 second')
            WHERE id = ? AND expires_at > now()
            """;

    private static final String END = """
            DELETE FROM console_session s
            USING account a
            WHERE s.secret_hash = ? AND a.id = s.account_id
            RETURNING a.id, a.name, a.password_hash, a.administrator, a.epoch
            """;

    private static final String END_ONE = "DELETE FROM console_session WHERE account_id = ? AND id = ?";
    private static final String END_OTHERS = "DELETE FROM console_session WHERE account_id = ? AND secret_hash <> ?";
    private static final String END_ALL = "DELETE FROM console_session WHERE account_id = ?";
    private static final String REMOVE_OLD = "DELETE FROM console_session WHERE expires_at <= now()";

    private static final String OF_ACCOUNT = """
            SELECT id, secret_hash = ?, created_at, last_used_at, expires_at, address, client
            FROM console_session
            WHERE account_id = ? AND expires_at > now()
            ORDER BY last_used_at DESC, created_at DESC, id
            """;

    /**
     * A session that somebody has shown.
     *
     * @param account whose it is
     * @param useStale whether its last use was written down more than a minute ago
     */
    public record Shown(UUID id, AccountRow account, boolean useStale) {}

    /**
     * A session to begin.
     *
     * @param secretHash the hash of its secret
     * @param address from where it was begun, at most 64 characters
     * @param client with which program, at most 255 characters
     */
    @SuppressWarnings("ArrayRecordComponent") // Passed on once, never compared.
    public record NewSession(byte[] secretHash, String address, String client, Limits limits) {}

    /**
     * How long a session is good.
     *
     * @param idle without being used
     * @param lifetime in all
     */
    public record Limits(Duration idle, Duration lifetime) {}

    /** Which of the sessions on a list is the one that asks for it. */
    public enum Which {
        THIS,
        ANOTHER
    }

    /** A session, as its owner sees it. */
    public record Row(
            UUID id,
            Which which,
            Instant createdAt,
            Instant lastUsedAt,
            Instant expiresAt,
            String address,
            String client) {}

    /** The session whose secret has this hash, unless it has expired or its account is disabled. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<Shown> find(Transaction transaction, byte[] secretHash) {
        return transaction.first(
                BY_SECRET,
                row -> new Shown(row.getObject(1, UUID.class), AccountStore.row(row, 2), row.getBoolean(7)),
                (Object) secretHash);
    }

    /** Begins a session; false where the account is gone, or has another epoch by now than when its owner came in. */
    @AcrossTenants("accounts belong to no organization")
    public boolean insert(Transaction transaction, NewSession session, AccountId account, long epoch) {
        Limits limits = session.limits();
        long first = Math.min(limits.idle().toSeconds(), limits.lifetime().toSeconds());
        return transaction.change(
                        NEW_SESSION,
                        session.secretHash(),
                        session.address(),
                        session.client(),
                        limits.lifetime().toSeconds(),
                        first,
                        account.value(),
                        epoch)
                == 1;
    }

    /** Ends those of an account's sessions that were used the longest ago, beyond so many. */
    @AcrossTenants("accounts belong to no organization")
    public void trim(Transaction transaction, AccountId account, int most) {
        transaction.change(TRIM, account.value(), account.value(), most);
    }

    /** Notes that the session was used: it is good from now on for as long as one may rest. */
    @AcrossTenants("accounts belong to no organization")
    public void used(Transaction transaction, UUID id, Duration idle) {
        transaction.change(USED, idle.toSeconds(), id);
    }

    /** Ends the session whose secret has this hash; answers whose it was. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<AccountRow> end(Transaction transaction, byte[] secretHash) {
        return transaction.first(END, row -> AccountStore.row(row, 1), (Object) secretHash);
    }

    /** Ends a session of an account; false where it has no such session. */
    @AcrossTenants("accounts belong to no organization")
    public boolean end(Transaction transaction, AccountId account, UUID id) {
        return transaction.change(END_ONE, account.value(), id) == 1;
    }

    /** Ends all sessions of an account but the one whose secret has this hash; answers how many. */
    @AcrossTenants("accounts belong to no organization")
    public int endOthers(Transaction transaction, AccountId account, byte[] secretHash) {
        return transaction.change(END_OTHERS, account.value(), secretHash);
    }

    /** Ends all sessions of an account, as when its password changes; answers how many. */
    @AcrossTenants("accounts belong to no organization")
    public int endAll(Transaction transaction, AccountId account) {
        return transaction.change(END_ALL, account.value());
    }

    /** The sessions of an account, some tens at most, the one that was used last first. */
    @AcrossTenants("accounts belong to no organization")
    public List<Row> of(Transaction transaction, AccountId account, byte[] secretHash) {
        return transaction.all(OF_ACCOUNT, SessionStore::row, secretHash, account.value());
    }

    /** Removes those that have expired. */
    @AcrossTenants("a queue, worked off by any replica")
    public int removeOld(Transaction transaction) {
        return transaction.change(REMOVE_OLD);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getObject(1, UUID.class),
                row.getBoolean(2) ? Which.THIS : Which.ANOTHER,
                row.getObject(3, OffsetDateTime.class).toInstant(),
                row.getObject(4, OffsetDateTime.class).toInstant(),
                row.getObject(5, OffsetDateTime.class).toInstant(),
                row.getString(6),
                row.getString(7));
    }
}
