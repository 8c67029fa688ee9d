package dev.moorage.metadata;

import dev.moorage.name.AccountId;
import dev.moorage.name.RepositoryPrefix;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The personal tokens of an account, as their owner sees them. */
@Singleton
public class AccessTokenListStore {

    private static final String AFTER = """
            SELECT t.id, t.name, t.repository_prefix, t.actions, t.created_at, t.expires_at, t.last_used_at
            FROM access_token t
            WHERE t.account_id = ? AND t.id > ?
            ORDER BY t.id
            LIMIT ?
            """;

    /** A token, without its secret. */
    public record Row(
            long id,
            String name,
            RepositoryPrefix prefix,
            List<String> actions,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> lastUsedAt) {

        /** Keeps its own copy of the actions. */
        public Row {
            actions = List.copyOf(actions);
        }
    }

    /** The tokens of an account, from behind a number. */
    @AcrossTenants("accounts belong to no organization")
    public List<Row> page(Transaction transaction, AccountId account, long after, int limit) {
        return transaction.all(AFTER, AccessTokenListStore::row, account.value(), after, limit);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                row.getString(2),
                new RepositoryPrefix(row.getString(3)),
                List.of((String[]) row.getArray(4).getArray()),
                row.getObject(5, OffsetDateTime.class).toInstant(),
                Columns.instant(row, 6),
                Columns.instant(row, 7));
    }
}
