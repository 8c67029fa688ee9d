package dev.moorage.metadata;

import dev.moorage.name.AccountId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Accounts, disabled ones too, as administrators see and change them; every change raises the account's epoch. */
@Singleton
public class AccountListStore {

    private static final String ACCOUNTS = """
            SELECT a.id, a.name, a.administrator, a.disabled_at IS NULL, a.created_at, a.issuer, a.subject
            FROM account a
            WHERE a.deleted_at IS NULL
            """;

    private static final String BY_NAME = ACCOUNTS + "AND a.name = ?";
    private static final String BY_ID = ACCOUNTS + "AND a.id = ?";
    private static final String AFTER = ACCOUNTS + "AND a.name > ? ORDER BY a.name LIMIT ?";

    private static final String CHANGE = """
            UPDATE account
            SET administrator = ?, epoch = epoch + 1,
                disabled_at = CASE WHEN ? THEN NULL ELSE coalesce(disabled_at, now()) END
            WHERE id = ?
            """;

    // The lock under which the first account is made: whoever counts administrators waits for the others who do.
    private static final String LOCK_ADMINISTRATORS = "SELECT pg_advisory_xact_lock(5012, 1)";

    private static final String ANY_ADMINISTRATOR = """
            SELECT EXISTS (SELECT FROM account WHERE administrator AND disabled_at IS NULL AND deleted_at IS NULL)
            """;

    // By a role of its own, or by that of a team; also what can still be brought back.
    private static final String OWNED = """
            FROM organization o
            WHERE (o.deleted_at IS NULL OR o.restorable_until IS NOT NULL) AND o.id IN (
                SELECT p.organization_id
                FROM permission_grant p
                WHERE p.account_id = ? AND p.repository_prefix = '' AND p.role = 'owner'
                UNION
                SELECT p.organization_id
                FROM team_member m
                JOIN permission_grant p ON p.organization_id = m.organization_id AND p.team_id = m.team_id
                WHERE m.account_id = ? AND p.repository_prefix = '' AND p.role = 'owner')
            """;

    // As whoever changes who may what there; in one order, for two may want the same ones.
    private static final String LOCK_OWNED = "SELECT o.id " + OWNED + " ORDER BY o.id FOR NO KEY UPDATE OF o";

    private static final String LAST_OWNED = "SELECT o.name " + OWNED + """
                AND NOT EXISTS (
                    SELECT
                    FROM permission_grant q
                    LEFT JOIN team_member m ON m.organization_id = q.organization_id AND m.team_id = q.team_id
                    JOIN account a ON a.id = coalesce(q.account_id, m.account_id)
                    WHERE q.organization_id = o.id AND q.repository_prefix = '' AND q.role = 'owner'
                        AND a.id <> ? AND a.disabled_at IS NULL AND a.deleted_at IS NULL)
            ORDER BY o.name
            LIMIT 10
            """;

    private static final String DELETE = """
            WITH grants AS (DELETE FROM permission_grant WHERE account_id = ?),
                teams AS (DELETE FROM team_member WHERE account_id = ?),
                tokens AS (DELETE FROM access_token WHERE account_id = ?)
            UPDATE account
            SET deleted_at = now(), password_hash = NULL, administrator = false, epoch = epoch + 1
            WHERE id = ?
            """;

    /** Whether an account may log in. */
    public enum State {
        ENABLED,
        DISABLED
    }

    /**
     * An account.
     *
     * @param person whom an OpenID provider logs in to it
     */
    public record Row(
            AccountId id,
            String name,
            AccountStore.Kind kind,
            State state,
            Instant createdAt,
            Optional<PersonStore.Person> person) {}

    /** The account of a name. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<Row> find(Transaction transaction, String name) {
        return transaction.first(BY_NAME, AccountListStore::row, name);
    }

    /** An account. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<Row> find(Transaction transaction, AccountId id) {
        return transaction.first(BY_ID, AccountListStore::row, id.value());
    }

    /** Accounts in the order of their names, from behind one. */
    @AcrossTenants("accounts belong to no organization")
    public List<Row> page(Transaction transaction, String after, int limit) {
        return transaction.all(AFTER, AccountListStore::row, after, limit);
    }

    /** Changes what can be changed of an account, which ends every token of it. */
    @AcrossTenants("accounts belong to no organization")
    public void change(Transaction transaction, Row account) {
        transaction.change(
                CHANGE,
                account.kind() == AccountStore.Kind.ADMINISTRATOR,
                account.state() == State.ENABLED,
                account.id().value());
    }

    /** Makes whoever else counts administrators wait until the transaction ends. */
    @AcrossTenants("accounts belong to no organization")
    public void lockAdministrators(Transaction transaction) {
        transaction.first(LOCK_ADMINISTRATORS, row -> true);
    }

    /** Whether an administrator is there who can log in. */
    @AcrossTenants("accounts belong to no organization")
    public boolean anyAdministrator(Transaction transaction) {
        return transaction.first(ANY_ADMINISTRATOR, row -> row.getBoolean(1)).orElseThrow();
    }

    /**
     * The names of organizations, the first ten, that would have no owner without an account; until the transaction ends nobody
     * else takes a role away in those that the account owns.
     */
    @AcrossTenants("an account holds roles in many organizations")
    public List<String> lastOwned(Transaction transaction, AccountId account) {
        transaction.all(LOCK_OWNED, row -> row.getLong(1), account.value(), account.value());
        // In a statement of its own, behind the locks: it sees what those who had them before have committed.
        return transaction.all(LAST_OWNED, row -> row.getString(1), account.value(), account.value(), account.value());
    }

    /** Deletes an account with its roles, teams and tokens; its name can be used again. */
    @AcrossTenants("accounts belong to no organization")
    public void delete(Transaction transaction, AccountId account) {
        transaction.change(DELETE, account.value(), account.value(), account.value(), account.value());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new AccountId(row.getLong(1)),
                row.getString(2),
                row.getBoolean(3) ? AccountStore.Kind.ADMINISTRATOR : AccountStore.Kind.USUAL,
                row.getBoolean(4) ? State.ENABLED : State.DISABLED,
                row.getObject(5, OffsetDateTime.class).toInstant(),
                person(row.getString(6), row.getString(7)));
    }

    private static Optional<PersonStore.Person> person(String issuer, String subject) {
        return Optional.ofNullable(issuer).map(known -> new PersonStore.Person(known, subject));
    }
}
