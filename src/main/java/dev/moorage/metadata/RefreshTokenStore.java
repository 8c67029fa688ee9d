package dev.moorage.metadata;

import dev.moorage.name.AccountId;
import dev.moorage.name.RobotId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Refresh tokens: what a client keeps of a login instead of a password. */
@ApplicationScoped
public class RefreshTokenStore {

    private static final String LIVE = """
            SELECT f.account_id, f.robot_id, f.access_token_id
            FROM refresh_token f
            WHERE f.secret_hash = ? AND f.service = ? AND f.expires_at > now() AND f.revoked_at IS NULL
            """;

    private static final String NEW_TOKEN = """
            INSERT INTO refresh_token (secret_hash, account_id, robot_id, access_token_id, client_id, service, expires_at)
            VALUES (?, ?, ?, ?, ?, ?, now() + ? * interval '1 second')
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

    /** Keeps a refresh token. */
    @AcrossTenants("accounts belong to no organization")
    public void insert(
            Transaction transaction,
            byte[] secretHash,
            Owner owner,
            String clientId,
            String service,
            Duration lifetime) {
        transaction.change(
                NEW_TOKEN,
                secretHash,
                switch (owner) {
                    case Owner.Account(AccountId id) -> Optional.of(id.value());
                    case Owner.Personal(AccountId id, long _) -> Optional.of(id.value());
                    case Owner.Robot _ -> Optional.empty();
                },
                owner instanceof Owner.Robot(RobotId id) ? Optional.of(id.value()) : Optional.empty(),
                owner instanceof Owner.Personal(AccountId _, long token) ? Optional.of(token) : Optional.empty(),
                clientId,
                service,
                lifetime.toSeconds());
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
