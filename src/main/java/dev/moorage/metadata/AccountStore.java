package dev.moorage.metadata;

import dev.moorage.name.AccountId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Accounts, which belong to no organization.
 *
 * <p>Whatever takes something from an account (a token, a password, being enabled) raises its epoch in the same
 * transaction.
 */
@Singleton
public class AccountStore {

    private static final String COLUMNS = "a.id, a.name, a.password_hash, a.administrator, a.epoch";

    private static final String LIVE = """
            a.disabled_at IS NULL AND a.deleted_at IS NULL
            """;

    private static final String BY_NAME = "SELECT " + COLUMNS + " FROM account a WHERE a.name = ? AND " + LIVE;

    private static final String BY_ID = "SELECT " + COLUMNS + " FROM account a WHERE a.id = ? AND " + LIVE;

    private static final String NEW_ACCOUNT = """
            INSERT INTO account (name, password_hash, administrator)
            VALUES (?, ?, ?)
            ON CONFLICT (name) WHERE deleted_at IS NULL DO NOTHING
            RETURNING id
            """;

    private static final String ANY_ADMINISTRATOR = """
            SELECT true
            FROM account
            WHERE administrator AND deleted_at IS NULL
            LIMIT 1
            """;

    private static final String NEW_PASSWORD = """
            UPDATE account
            SET password_hash = ?, epoch = epoch + 1
            WHERE id = ?
            """;

    // Who set another one meanwhile has raised the epoch, which is looked at again behind the row's lock.
    private static final String NEW_OWN_PASSWORD = NEW_PASSWORD + "AND epoch = ?";

    // All that are to be first wait here for the one that is.
    private static final String LOCK_FIRST = "SELECT pg_advisory_xact_lock(5012, 1)";

    /** The account of a name, unless it is disabled. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<AccountRow> find(Transaction transaction, String name) {
        return transaction.first(BY_NAME, AccountStore::row, name);
    }

    /** An account, unless it is disabled or deleted. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<AccountRow> find(Transaction transaction, AccountId id) {
        return transaction.first(BY_ID, AccountStore::row, id.value());
    }

    /** Keeps every other start from making the first account until the transaction ends; whether there is none yet. */
    @AcrossTenants("accounts belong to no organization")
    public boolean lockForFirst(Transaction transaction) {
        transaction.first(LOCK_FIRST, row -> true);
        return transaction.first(ANY_ADMINISTRATOR, row -> true).isEmpty();
    }

    /** What a new account may do. */
    public enum Kind {
        /** What its grants say. */
        USUAL,
        /** Everything. */
        ADMINISTRATOR
    }

    /** Makes an account; empty where the name is taken. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<AccountId> insert(Transaction transaction, String name, Optional<String> passwordHash, Kind kind) {
        return transaction.first(
                NEW_ACCOUNT, row -> new AccountId(row.getLong(1)), name, passwordHash, kind == Kind.ADMINISTRATOR);
    }

    /** Sets a password, which ends every token of the account. */
    @AcrossTenants("accounts belong to no organization")
    public void setPassword(Transaction transaction, AccountId id, String passwordHash) {
        transaction.change(NEW_PASSWORD, passwordHash, id.value());
    }

    /** The same, unless the account's epoch is another one by now; whether it was done. */
    @AcrossTenants("accounts belong to no organization")
    public boolean setPassword(Transaction transaction, AccountId id, String passwordHash, long epoch) {
        return transaction.change(NEW_OWN_PASSWORD, passwordHash, id.value(), epoch) == 1;
    }

    private static AccountRow row(ResultSet row) throws SQLException {
        return row(row, 1);
    }

    /** Reads an account from five columns, the first of them at an index. */
    static AccountRow row(ResultSet row, int first) throws SQLException {
        return new AccountRow(
                new AccountId(row.getLong(first)),
                row.getString(first + 1),
                Optional.ofNullable(row.getString(first + 2)),
                row.getBoolean(first + 3),
                row.getLong(first + 4));
    }
}
