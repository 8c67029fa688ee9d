package dev.moorage.metadata;

import dev.moorage.metadata.AccountListStore.State;
import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.AccountId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Accounts of people whom an OpenID provider names: by what it calls them, and by no name or address of theirs. */
@Singleton
public class PersonStore {

    // The lock: who is disabled meanwhile, or logs in twice at once, is looked at one after the other.
    private static final String BY_SUBJECT = """
            SELECT a.id, a.name, a.disabled_at IS NULL
            FROM account a
            WHERE a.issuer = ? AND a.subject = ? AND a.deleted_at IS NULL
            FOR NO KEY UPDATE
            """;

    private static final String NEW_PERSON = """
            INSERT INTO account (name, issuer, subject)
            VALUES (?, ?, ?)
            ON CONFLICT DO NOTHING
            RETURNING id, name, true
            """;

    private static final String LEAVE = """
            WITH gone AS (
                DELETE FROM team_member m
                WHERE m.account_id = ?
                    AND NOT EXISTS (
                        SELECT
                        FROM team t
                        JOIN organization o ON o.id = t.organization_id
                        WHERE t.id = m.team_id AND (o.deleted_at IS NULL OR o.restorable_until IS NOT NULL)
                            AND o.name || '/' || t.name = ANY (?))
                RETURNING m.organization_id, m.account_id)
            INSERT INTO account_epoch AS a (organization_id, account_id, epoch)
            SELECT DISTINCT organization_id, account_id, 1
            FROM gone
            ORDER BY organization_id
            ON CONFLICT (account_id, organization_id) DO UPDATE SET epoch = a.epoch + 1
            """;

    // Also in an organization that is deleted, for it may come back with those who are in its teams then.
    // A team that is deleted meanwhile is not entered: the foreign key would end the log-in.
    private static final String ENTER = """
            WITH wanted AS (
                SELECT split_part(entry, '/', 1) AS organization, substr(entry, strpos(entry, '/') + 1) AS team
                FROM unnest(?::text[]) AS entry),
            found AS (
                SELECT t.organization_id, t.id
                FROM wanted w
                JOIN organization o ON o.name = w.organization
                    AND (o.deleted_at IS NULL OR o.restorable_until IS NOT NULL)
                JOIN team t ON t.organization_id = o.id AND t.name = w.team
                ORDER BY t.id
                FOR KEY SHARE OF t)
            INSERT INTO team_member (organization_id, team_id, account_id)
            SELECT f.organization_id, f.id, ?
            FROM found f
            ON CONFLICT DO NOTHING
            """;

    private static final String REMOVE_ENDED = """
            DELETE FROM access_token
            WHERE account_id = ? AND expires_at < now() AND starts_with(name, ?)
            """;

    // Whoever makes or links an account for somebody waits for the other who does.
    private static final String LOCK = "SELECT pg_advisory_xact_lock(5013, hashtext(?))";

    private static final String LINK = """
            UPDATE account a
            SET issuer = ?, subject = ?, epoch = a.epoch + 1
            WHERE a.id = ?
                AND NOT EXISTS (
                    SELECT
                    FROM account b
                    WHERE b.issuer = ? AND b.subject = ? AND b.deleted_at IS NULL AND b.id <> a.id)
            """;

    private static final String UNLINK = """
            UPDATE account
            SET issuer = NULL, subject = NULL, epoch = epoch + 1
            WHERE id = ?
            """;

    private static final String REMOVE_TOKENS = """
            DELETE FROM access_token
            WHERE account_id = ? AND starts_with(name, ?)
            """;

    /** Somebody, by what a provider calls him. */
    public record Person(String issuer, String subject) {}

    /** An account. */
    public record Row(AccountId id, String name, State state) {}

    /** The account of somebody, disabled or not, kept from being changed until the transaction ends. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<Row> find(Transaction transaction, String issuer, String subject) {
        return transaction.first(BY_SUBJECT, PersonStore::row, issuer, subject);
    }

    /** Makes an account without a password; empty where the name is taken, or the person has one since a moment ago. */
    @AcrossTenants("accounts belong to no organization")
    public Optional<Row> insert(Transaction transaction, String name, String issuer, String subject) {
        lock(transaction, subject);
        return transaction.first(NEW_PERSON, PersonStore::row, name, issuer, subject);
    }

    /** Takes an account out of all teams but these, each as {@code organization/team}; raises its epoch in the organizations of others that it was in, and answers in how many. */
    @AcrossTenants("a provider names teams of many organizations")
    public int leave(Transaction transaction, AccountId account, List<String> teams) {
        return transaction.change(LEAVE, account.value(), new TextArray(teams));
    }

    /** Makes an account a member of these teams, each as {@code organization/team}, as far as they are there; answers of how many. */
    @AcrossTenants("a provider names teams of many organizations")
    public int enter(Transaction transaction, AccountId account, List<String> teams) {
        return transaction.change(ENTER, new TextArray(teams), account.value());
    }

    /** Makes an account that of a person, or of none; false where the person has another. */
    @AcrossTenants("accounts belong to no organization")
    public boolean link(Transaction transaction, AccountId account, Optional<Person> person) {
        if (person.isEmpty()) {
            return transaction.change(UNLINK, account.value()) == 1;
        }
        String issuer = person.get().issuer();
        String subject = person.get().subject();
        lock(transaction, subject);
        return transaction.change(LINK, issuer, subject, account.value(), issuer, subject) == 1;
    }

    private static void lock(Transaction transaction, String subject) {
        transaction.first(LOCK, row -> true, subject);
    }

    /** Removes an account's tokens whose name begins so. */
    @AcrossTenants("accounts belong to no organization")
    public void removeTokens(Transaction transaction, AccountId account, String prefix) {
        transaction.change(REMOVE_TOKENS, account.value(), prefix);
    }

    /** Removes an account's tokens that have expired and whose name begins so. */
    @AcrossTenants("accounts belong to no organization")
    public void removeEnded(Transaction transaction, AccountId account, String prefix) {
        transaction.change(REMOVE_ENDED, account.value(), prefix);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new AccountId(row.getLong(1)), row.getString(2), row.getBoolean(3) ? State.ENABLED : State.DISABLED);
    }
}
