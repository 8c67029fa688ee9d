package dev.moorage.metadata;

import dev.moorage.name.Amount;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.ReclaimedDay;
import dev.moorage.name.RemovedDay;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.List;

/** What went, by day (UTC), the newest first; a day on which nothing did is left out. */
@Singleton
public class ReclaimedStore {

    private static final String OF_ORGANIZATION = """
            SELECT day, blobs, blob_bytes, manifests, manifest_bytes
            FROM reclaimed_day
            WHERE organization_id = ? AND day > (now() AT TIME ZONE 'UTC')::date - ?::integer
            ORDER BY day DESC
            """;

    private static final String OF_STORE = """
            SELECT day, objects, bytes
            FROM removed_day
            WHERE day > (now() AT TIME ZONE 'UTC')::date - ?::integer
            ORDER BY day DESC
            """;

    /** What an organization came to pay for no longer in the last so many days. */
    public List<ReclaimedDay> of(Transaction transaction, OrganizationId organization, int days) {
        return transaction.all(
                OF_ORGANIZATION,
                row -> new ReclaimedDay(
                        row.getObject(1, LocalDate.class),
                        new Amount(row.getLong(2), row.getLong(3)),
                        new Amount(row.getLong(4), row.getLong(5))),
                organization.value(),
                days);
    }

    /** What went from the store in the last so many days. */
    @AcrossTenants("for administrators: sums over all tenants")
    public List<RemovedDay> ofStore(Transaction transaction, int days) {
        return transaction.all(
                OF_STORE,
                row -> new RemovedDay(row.getObject(1, LocalDate.class), new Amount(row.getLong(2), row.getLong(3))),
                days);
    }
}
