package dev.moorage.metadata;

import dev.moorage.name.AccountId;
import dev.moorage.name.RobotId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Refresh tokens: what a client keeps of a login instead of a password. */
@Singleton
public class RefreshTokenStore {

    private static final String LIVE = """
            SELECT f.account_id, f.robot_id, f.access_token_id
            FROM refresh_token f
            WHERE f.secret_hash = ? AND f.service = ? AND f.expires_at > now() AND f.revoked_at IS NULL
            """;

    // What takes the right to it away waits for this one, and then revokes it; or was before it, and there is no row.
    private static final String NEW_OF_ACCOUNT = """
            INSERT INTO refresh_token (secret_hash, access_token_id, client_id, service, expires_at, account_id)
            SELECT ?, ?::bigint, ?, ?, now() + ? * interval '1 second', a.id
            FROM account a
            WHERE a.id = ? AND a.epoch = ? AND a.disabled_at IS NULL AND a.deleted_at IS NULL
            FOR SHARE OF a
            """;

    private static final String NEW_OF_ROBOT = """
            INSERT INTO refresh_token (secret_hash, client_id, service, expires_at, robot_id)
            SELECT ?, ?, ?, now() + ? * interval '1 second', b.id
            FROM robot b
            WHERE b.id = ? AND b.epoch = ? AND b.disabled_at IS NULL AND b.deleted_at IS NULL
            FOR SHARE OF b
            """;

    // The personal token is looked at again: it may have expired since.
    private static final String PERSONAL = """
            SELECT t.id, t.repository_prefix, t.actions, a.id, a.name, a.password_hash, a.administrator, a.epoch, false
            FROM access_token t
            JOIN account a ON a.id = t.account_id
            WHERE t.id = ? AND (t.expires_at IS NULL OR t.expires_at > now())
                AND a.disabled_at IS NULL AND a.deleted_at IS NULL
            """;

    private static final String REVOKE_ACCOUNT = """
            UPDATE refresh_token
            SET revoked_at = now()
            WHERE account_id = ? AND revoked_at IS NULL
            """;

    private static final String REVOKE_ROBOT = """
            UPDATE refresh_token
            SET revoked_at = now()
            WHERE robot_id = ? AND revoked_at IS NULL
            """;

    private static final String REVOKE = """
            UPDATE refresh_token
            SET revoked_at = coalesce(revoked_at, now())
            WHERE secret_hash = ?
            """;

    private static final String REMOVE_OLD = """
            DELETE FROM refresh_token
            WHERE expires_at < now() - interval '1 day'
            """;

    /** Whose a refresh token is. */
    public sealed interface Owner {
        /** An account's. */
        record Account(AccountId id) implements Owner {}

        /** A robot's. */
        record Robot(RobotId id) implements Owner {}

        /** An account's, as far as one of its personal tokens reaches. */
        record Personal(AccountId id, long accessToken) implements Owner {}
    }

    /** Whose the refresh token with this hash is, unless it has expired or was revoked. */
    @AcrossTenants("a refresh token is known by its secret")
    public Optional<Owner> find(Transaction transaction, byte[] secretHash, String service) {
        return transaction.first(LIVE, RefreshTokenStore::owner, secretHash, service);
    }

    /** The personal token of a refresh token, unless it has expired or its account is disabled. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<AccessTokenStore.Shown> personal(Transaction transaction, long accessToken) {
        return transaction.first(PERSONAL, row -> AccessTokenStore.shown(row, 1), accessToken);
    }

    /**
     * A refresh token to be kept.
     *
     * @param secretHash the hash of its secret
     * @param clientId the client's own name
     * @param service what it is good for
     * @param lifetime for how long, in whole seconds
     */
    @SuppressWarnings("ArrayRecordComponent") // Passed on once, never compared.
    public record NewToken(byte[] secretHash, String clientId, String service, Duration lifetime) {}

    /** Keeps a refresh token; false where its owner is gone, or has another epoch by now than when he came in. */
    @AcrossTenants("accounts belong to no organization")
    public boolean insert(Transaction transaction, NewToken token, Owner owner, long epoch) {
        return switch (owner) {
            case Owner.Account(AccountId id) -> insert(transaction, token, Optional.empty(), id, epoch);
            case Owner.Personal(AccountId id, long personal) ->
                insert(transaction, token, Optional.of(personal), id, epoch);
            case Owner.Robot(RobotId id) ->
                transaction.change(
                                NEW_OF_ROBOT,
                                token.secretHash(),
                                token.clientId(),
                                token.service(),
                                token.lifetime().toSeconds(),
                                id.value(),
                                epoch)
                        == 1;
        };
    }

    private static boolean insert(
            Transaction transaction, NewToken token, Optional<Long> personal, AccountId account, long epoch) {
        return transaction.change(
                        NEW_OF_ACCOUNT,
                        token.secretHash(),
                        personal,
                        token.clientId(),
                        token.service(),
                        token.lifetime().toSeconds(),
                        account.value(),
                        epoch)
                == 1;
    }

    /** Revokes all refresh tokens of an account, as when its password changes. */
    @AcrossTenants("accounts belong to no organization")
    public void revoke(Transaction transaction, AccountId account) {
        transaction.change(REVOKE_ACCOUNT, account.value());
    }

    /** Revokes all refresh tokens of a robot, as when its secret changes. */
    @AcrossTenants("the robot was found in its organization")
    public void revoke(Transaction transaction, RobotId robot) {
        transaction.change(REVOKE_ROBOT, robot.value());
    }

    /** Revokes the refresh token with this hash; false where there is none, expired or revoked neither. */
    @AcrossTenants("a refresh token is known by its secret")
    public boolean revoke(Transaction transaction, byte[] secretHash) {
        return transaction.change(REVOKE, secretHash) == 1;
    }

    /** Removes those that have expired. */
    @AcrossTenants("a queue, worked off by any replica")
    public int removeOld(Transaction transaction) {
        return transaction.change(REMOVE_OLD);
    }

    private static Owner owner(ResultSet row) throws SQLException {
        long robot = row.getLong(2);
        if (!row.wasNull()) {
            return new Owner.Robot(new RobotId(robot));
        }
        AccountId account = new AccountId(row.getLong(1));
        long token = row.getLong(3);
        return row.wasNull() ? new Owner.Account(account) : new Owner.Personal(account, token);
    }
}
