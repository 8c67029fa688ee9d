package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.AccountId;
import dev.moorage.name.RepositoryPrefix;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Personal access tokens: they stand for an account, for less than the account may do. */
@Singleton
public class AccessTokenStore {

    private static final String BY_SECRET = """
            SELECT t.id, t.repository_prefix, t.actions, a.id, a.name, a.password_hash, a.administrator, a.epoch,
                t.last_used_at IS NULL OR t.last_used_at < now() - interval '5 minutes'
            FROM access_token t
            JOIN account a ON a.id = t.account_id
            WHERE t.secret_hash = ? AND (t.expires_at IS NULL OR t.expires_at > now())
                AND a.disabled_at IS NULL AND a.deleted_at IS NULL
            """;

    private static final String NEW_TOKEN = """
            INSERT INTO access_token (account_id, name, secret_hash, repository_prefix, actions, expires_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (account_id, name) DO NOTHING
            RETURNING id
            """;

    private static final String USED = """
            UPDATE access_token
            SET last_used_at = now()
            WHERE id = ?
            """;

    private static final String REVOKE = """
            WITH gone AS (
                DELETE FROM access_token
                WHERE account_id = ? AND id = ?
                RETURNING account_id, name)
            UPDATE account a
            SET epoch = a.epoch + 1
            FROM gone
            WHERE a.id = gone.account_id
            RETURNING gone.name
            """;

    /**
     * A token that somebody has shown.
     *
     * @param id its number
     * @param account for whom it stands
     * @param prefix where it may be used
     * @param actions what it may be used for
     * @param useStale whether its last use was written down more than five minutes ago
     */
    public record Shown(long id, AccountRow account, RepositoryPrefix prefix, List<String> actions, boolean useStale) {

        /** Keeps its own copy of the actions. */
        public Shown {
            actions = List.copyOf(actions);
        }
    }

    /** The token whose secret has this hash, unless it has expired or its account is disabled. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<Shown> findBySecret(Transaction transaction, byte[] secretHash) {
        return transaction.first(BY_SECRET, row -> shown(row, 1), (Object) secretHash);
    }

    /** Makes a token; empty where the account has one of this name. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<Long> insert(
            Transaction transaction,
            AccountId account,
            String name,
            byte[] secretHash,
            RepositoryPrefix prefix,
            Collection<String> actions,
            Optional<OffsetDateTime> expiresAt) {
        return transaction.first(
                NEW_TOKEN,
                row -> row.getLong(1),
                account.value(),
                name,
                secretHash,
                prefix.value(),
                new TextArray(List.copyOf(actions)),
                expiresAt);
    }

    /** Notes that the token was used. */
    @AcrossTenants("accounts belong to no organization")
    public void used(Transaction transaction, long id) {
        transaction.change(USED, id);
    }

    /** Removes a token and ends all that the account has of tokens; answers the token's name, and nothing where it has no such token. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<String> revoke(Transaction transaction, AccountId account, long id) {
        return transaction.first(REVOKE, row -> row.getString(1), account.value(), id);
    }

    /** Reads a token from nine columns, the first of them at an index. */
    static Shown shown(ResultSet row, int first) throws SQLException {
        return new Shown(
                row.getLong(first),
                AccountStore.row(row, first + 3),
                new RepositoryPrefix(row.getString(first + 1)),
                texts(row.getArray(first + 2)),
                row.getBoolean(first + 8));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
