package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.Quota;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How much there is in organizations, for a page that shows some of them. */
@Singleton
public class OrganizationSummaryStore {

    /** How many repositories of an organization are counted; where there is one more, there may be any number. */
    public static final int MOST_REPOSITORIES = 1000;

    private static final String USES = """
            SELECT asked.id, o.quota_bytes, o.quota_repositories, r.repositories, kept.bytes
            FROM unnest(?::text[]::bigint[]) AS asked (id)
            CROSS JOIN LATERAL (
                SELECT o.quota_bytes, o.quota_repositories
                FROM organization o
                WHERE o.id = asked.id
                LIMIT 1) o
            CROSS JOIN LATERAL (
                SELECT count(*) AS repositories
                FROM (
                    SELECT
                    FROM repository r
                    WHERE r.organization_id = asked.id AND r.deleted_at IS NULL
                    LIMIT %d) few) r
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(entries.bytes), 0) AS bytes
                FROM (
                    SELECT f.bytes
                    FROM usage_entry f
                    WHERE f.organization_id = asked.id AND f.repository_id IS NULL AND f.folded
                    UNION ALL
                    SELECT u.bytes
                    FROM usage_entry u
                    WHERE u.organization_id = asked.id AND NOT u.folded AND u.kind <> 'link') entries) kept
            """.formatted(MOST_REPOSITORIES + 1);

    /**
     * What an organization uses.
     *
     * @param quota what it may keep
     * @param repositories how many live repositories it has, and one more than {@link #MOST_REPOSITORIES} where there are more
     * @param bytes what counts against the quota
     */
    public record Use(Quota quota, int repositories, long bytes) {}

    /** What some organizations use. */
    @AcrossTenants("the organizations of the caller, of each of which he may pull everything")
    public Map<OrganizationId, Use> uses(Transaction transaction, Collection<OrganizationId> organizations) {
        TextArray ids = new TextArray(
                organizations.stream().map(id -> Long.toString(id.value())).toList());
        return transaction
                .all(
                        USES,
                        row -> Map.entry(
                                new OrganizationId(row.getLong(1)),
                                new Use(
                                        new Quota(
                                                Optional.ofNullable(row.getObject(2, Long.class)),
                                                Optional.ofNullable(row.getObject(3, Integer.class))),
                                        row.getInt(4),
                                        row.getLong(5))),
                        ids)
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
