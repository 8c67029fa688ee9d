package dev.moorage.metadata;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** Failed logins by account and by address, shared by all replicas. */
@Singleton
public class LoginFailureStore {

    private static final String WAIT = """
            SELECT ceil(extract(epoch FROM max(blocked_until) - now()))::bigint
            FROM login_failure
            WHERE (kind, key) IN (('account', ?), ('address', ?)) AND blocked_until > now()
            """;

    // What lies further back than the memory counts no more. Each failure above the allowance doubles the wait.
    private static final String FAILED = """
            INSERT INTO login_failure AS f (kind, key, failures, blocked_until)
            VALUES (?, ?, 1, CASE WHEN ? <= 1 THEN now() + interval '1 millisecond' * least(?, ?) END)
            ON CONFLICT (kind, key) DO UPDATE
            SET failures = CASE WHEN f.last_at < now() - ? * interval '1 second' THEN 1 ELSE f.failures + 1 END,
                last_at = now(),
                blocked_until = CASE
                    WHEN f.last_at < now() - ? * interval '1 second' THEN excluded.blocked_until
                    WHEN f.failures + 1 >= ? THEN now() + interval '1 millisecond'
                        * least(? * power(2, least(f.failures + 1 - ?, 40)), ?)
                END
            """;

    private static final String SUCCEEDED = """
            DELETE FROM login_failure
            WHERE kind = 'account' AND key = ?
            """;

    private static final String REMOVE_OLD = """
            DELETE FROM login_failure
            WHERE last_at < now() - ? * interval '1 second' AND (blocked_until IS NULL OR blocked_until < now())
            """;

    /** What failed logins are counted by. */
    public enum Kind {
        ACCOUNT("account"),
        ADDRESS("address");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /**
     * How many failures are let pass, and how long to wait then.
     *
     * @param failures how many
     * @param firstWait after the last of them
     * @param longestWait the bound of the doubled waits
     * @param memory after how long they are forgotten
     */
    public record Allowance(int failures, Duration firstWait, Duration longestWait, Duration memory) {}

    /** For how many seconds logins to the account or from the address are to wait; empty where they need not. */
    @AcrossTenants("a login is not in an organization yet")
    public Optional<Long> secondsToWait(Transaction transaction, String accountKey, String addressKey) {
        return transaction
                .first(WAIT, row -> Optional.ofNullable(row.getObject(1, Long.class)), accountKey, addressKey)
                .flatMap(seconds -> seconds)
                .map(seconds -> Math.max(1, seconds));
    }

    /** Counts a failure. */
    @AcrossTenants("a login is not in an organization yet")
    public void failed(Transaction transaction, Kind kind, String key, Allowance allowance) {
        transaction.change(
                FAILED,
                kind.text,
                key,
                allowance.failures(),
                allowance.firstWait().toMillis(),
                allowance.longestWait().toMillis(),
                allowance.memory().toSeconds(),
                allowance.memory().toSeconds(),
                allowance.failures(),
                allowance.firstWait().toMillis(),
                allowance.failures(),
                allowance.longestWait().toMillis());
    }

    /** Forgets the failures of an account whose owner has come in. */
    @AcrossTenants("a login is not in an organization yet")
    public void succeeded(Transaction transaction, String accountKey) {
        transaction.change(SUCCEEDED, accountKey);
    }

    /** Removes what counts no more. */
    @AcrossTenants("a queue, worked off by any replica")
    public int removeOld(Transaction transaction, Duration memory) {
        return transaction.change(REMOVE_OLD, memory.toSeconds());
    }
}
