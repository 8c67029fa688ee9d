package dev.moorage.metadata;

import jakarta.inject.Singleton;
import java.util.UUID;

/** The marks that this database has left in the store of blobs. */
@Singleton
public class StoreMarkerStore {

    private static final String KNOWN = """
            SELECT true
            FROM store_marker
            WHERE token = ?
            """;

    private static final String ANY_WRITTEN = """
            SELECT true
            FROM store_marker
            WHERE written
            LIMIT 1
            """;

    private static final String ANY_YOUNG = """
            SELECT true
            FROM store_marker
            WHERE written AND made_at BETWEEN now() - interval '1 minute' AND now() + interval '1 minute'
            LIMIT 1
            """;

    private static final String INSERT = """
            INSERT INTO store_marker (token)
            VALUES (?)
            """;

    private static final String WRITTEN = """
            UPDATE store_marker
            SET written = true
            WHERE token = ?
            """;

    // The last one that the store has surely had stays for ever; the others, for a request that lands very late.
    private static final String REMOVE_OLD = """
            DELETE FROM store_marker
            WHERE made_at < now() - interval '1 day'
                AND made_at < (SELECT max(made_at) FROM store_marker WHERE written)
            """;

    /** Whether this database has made the token. */
    @AcrossTenants("the store is one for all tenants")
    public boolean known(Transaction transaction, UUID token) {
        return transaction.first(KNOWN, _ -> true, token).isPresent();
    }

    /** Whether the store has surely had a token of this database. */
    @AcrossTenants("the store is one for all tenants")
    public boolean anyWritten(Transaction transaction) {
        return transaction.first(ANY_WRITTEN, _ -> true).isPresent();
    }

    /** Whether the store had a token that was made within the last minute. */
    @AcrossTenants("the store is one for all tenants")
    public boolean anyYoung(Transaction transaction) {
        return transaction.first(ANY_YOUNG, _ -> true).isPresent();
    }

    /** Makes a token known, before the store has it. */
    @AcrossTenants("the store is one for all tenants")
    public void insert(Transaction transaction, UUID token) {
        transaction.change(INSERT, token);
    }

    /** The store has had a token: those before it are forgotten in time. */
    @AcrossTenants("the store is one for all tenants")
    public void written(Transaction transaction, UUID token) {
        transaction.change(WRITTEN, token);
        transaction.change(REMOVE_OLD);
    }
}
