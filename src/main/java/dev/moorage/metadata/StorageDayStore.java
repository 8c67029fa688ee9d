package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.StorageDay;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.List;

/** How many bytes organizations kept, by day (UTC); a day on which no report was made is left out. */
@Singleton
public class StorageDayStore {

    // The sums of the ledger, as UsageReportStore has them.
    private static final String NOTE = """
            INSERT INTO storage_day (organization_id, day, bytes)
            SELECT ?, (now() AT TIME ZONE 'UTC')::date, coalesce(sum(entries.bytes), 0)
            FROM (
                SELECT f.bytes
                FROM usage_entry f
                WHERE f.organization_id = ? AND f.repository_id IS NULL AND f.folded AND f.kind IN ('blob', 'manifest')
                UNION ALL
                SELECT u.bytes
                FROM usage_entry u
                WHERE u.organization_id = ? AND NOT u.folded AND u.kind IN ('blob', 'manifest')) entries
            ON CONFLICT (organization_id, day) DO UPDATE SET bytes = excluded.bytes
            """;

    private static final String FORGET = """
            DELETE FROM storage_day
            WHERE organization_id = ?
                AND day = ANY (ARRAY(
                    SELECT d.day
                    FROM storage_day d
                    WHERE d.organization_id = ? AND d.day <= (now() AT TIME ZONE 'UTC')::date - ?::integer
                    ORDER BY d.day
                    LIMIT ?))
            """;

    private static final String LAST = """
            SELECT day, bytes
            FROM storage_day
            WHERE organization_id = ? AND day > (now() AT TIME ZONE 'UTC')::date - ?::integer
            ORDER BY day DESC
            """;

    /** Writes down what an organization keeps now, in the place of what was written down today. */
    public void note(Transaction transaction, OrganizationId organization) {
        transaction.change(NOTE, organization.value(), organization.value(), organization.value());
    }

    /** Removes some days that are further back than {@code days}, the oldest first, and answers how many. */
    public int forget(Transaction transaction, OrganizationId organization, int days, int limit) {
        return transaction.change(FORGET, organization.value(), organization.value(), days, limit);
    }

    /** What an organization kept in the last so many days, the newest first. */
    public List<StorageDay> of(Transaction transaction, OrganizationId organization, int days) {
        return transaction.all(
                LAST,
                row -> new StorageDay(row.getObject(1, LocalDate.class), row.getLong(2)),
                organization.value(),
                days);
    }
}
