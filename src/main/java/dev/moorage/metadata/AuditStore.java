package dev.moorage.metadata;

import dev.moorage.metadata.AuditRow.Actor;
import dev.moorage.metadata.AuditRow.Entry;
import dev.moorage.metadata.AuditRow.Place;
import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.AuditOutcome;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Writes the audit trail, which nothing changes afterwards, and removes what is older than it is kept. */
@Singleton
public class AuditStore {

    // An organization that is deleted and can be brought back has its name still.
    private static final String ORGANIZATION = """
            SELECT o.id
            FROM organization o
            WHERE o.name = ? AND (o.deleted_at IS NULL OR o.restorable_until IS NOT NULL)
            """;

    private static final String ORGANIZATIONS = """
            SELECT o.id, o.name
            FROM organization o
            WHERE o.name = ANY (?::text[]) AND (o.deleted_at IS NULL OR o.restorable_until IS NOT NULL)
            """;

    private static final String COLUMNS = """
            organization_id, organization, actor_kind, actor, actor_id, address, client, request_id, action, target_kind,
            target, outcome, detail
            """;

    private static final String VALUES = "?, ?, ?, ?::bigint, ?, ?, ?, ?, ?, ?, ?, ?::json";

    private static final String NEW_CHANGE = "INSERT INTO audit_event (" + COLUMNS + ") VALUES (coalesce(?::bigint, ("
            + ORGANIZATION + ")), " + VALUES + ")";

    private static final String NEW_DENIALS =
            "INSERT INTO audit_event (at, last_at, times, " + COLUMNS + """
            )
            VALUES (clock_timestamp() - ? * interval '1 millisecond', clock_timestamp() - ? * interval '1 millisecond', ?,
            ?::bigint,""" + VALUES + ")";

    // Only those who log in have a plus in the middle of their names: robots, and the issuers of jobs.
    private static final String KNOWN = """
            WITH tried AS (
                SELECT name, split_part(name, '+', 1) AS tenant, substr(name, strpos(name, '+') + 1) AS rest
                FROM unnest(?::text[]) AS name)
            SELECT t.name,
                EXISTS (SELECT FROM account a WHERE a.name = t.name AND a.deleted_at IS NULL)
                OR EXISTS (
                    SELECT FROM robot r WHERE r.organization_id = o.id AND r.name = t.rest AND r.deleted_at IS NULL)
                OR EXISTS (SELECT FROM trusted_issuer i WHERE i.organization_id = o.id AND i.name = t.rest) AS known,
                o.name AS organization, o.id AS organization_id
            FROM tried t
            LEFT JOIN organization o ON strpos(t.name, '+') > 0 AND o.name = t.tenant AND o.deleted_at IS NULL
            """;

    // Written out, so that every plan can use the index of these rows.
    private static final String REMOVE_OLD = """
            DELETE FROM audit_event
            WHERE id = ANY (ARRAY(
                SELECT id
                FROM audit_event
                WHERE outcome = '%s' AND at < now() - ? * interval '1 second'
                ORDER BY at
                LIMIT ?
                FOR UPDATE SKIP LOCKED))
            """;

    private static final String REMOVE_DONE = REMOVE_OLD.formatted(AuditOutcome.DONE.text());
    private static final String REMOVE_DENIED = REMOVE_OLD.formatted(AuditOutcome.DENIED.text());

    /**
     * Denials that are alike.
     *
     * @param entry what each of them tells
     * @param times how many there were
     * @param firstAgo how long ago the first was
     * @param lastAgo how long ago the last was
     */
    public record Denials(Entry entry, long times, Duration firstAgo, Duration lastAgo) {}

    /**
     * What there is of a name that somebody tried.
     *
     * @param isKnown whether anybody has it
     * @param organization the organization that it begins with, where there is such a one
     * @param organizationId which one that is
     */
    public record Tried(
            boolean isKnown, Optional<OrganizationName> organization, Optional<OrganizationId> organizationId) {}

    /** The organization that has a name now. */
    public Optional<OrganizationId> organization(Transaction transaction, OrganizationName name) {
        return transaction.first(ORGANIZATION, row -> new OrganizationId(row.getLong(1)), name.value());
    }

    /** Those of some organizations that there are now. */
    @AcrossTenants("what was denied in any of them, each written down for its own")
    public Map<OrganizationName, OrganizationId> organizations(Transaction transaction, List<OrganizationName> names) {
        Map<OrganizationName, OrganizationId> found = new HashMap<>();
        transaction
                .all(
                        ORGANIZATIONS,
                        row -> Map.entry(new OrganizationName(row.getString(2)), new OrganizationId(row.getLong(1))),
                        new TextArray(
                                names.stream().map(OrganizationName::value).toList()))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    /** Writes what was changed, with the change. */
    @AcrossTenants("what belongs to no organization is told too")
    public void add(Transaction transaction, Entry entry) {
        // Twice: it is looked for by its name where it has no number.
        Optional<String> name = entry.organization().map(OrganizationName::value);
        transaction.change(NEW_CHANGE, parameters(List.of(number(entry), name), entry));
    }

    /** Writes what was denied. */
    @AcrossTenants("what belongs to no organization is told too")
    public void add(Transaction transaction, List<Denials> denials) {
        for (Denials alike : denials) {
            transaction.change(
                    NEW_DENIALS,
                    parameters(
                            List.of(
                                    alike.firstAgo().toMillis(),
                                    alike.lastAgo().toMillis(),
                                    alike.times(),
                                    number(alike.entry())),
                            alike.entry()));
        }
    }

    /** What there is of names that somebody tried to log in by. */
    @AcrossTenants("a name is tried before it is known whose it is")
    public Map<String, Tried> tried(Transaction transaction, List<String> names) {
        Map<String, Tried> found = new HashMap<>();
        transaction
                .all(
                        KNOWN,
                        row -> Map.entry(
                                row.getString(1),
                                new Tried(
                                        row.getBoolean(2),
                                        Optional.ofNullable(row.getString(3)).map(OrganizationName::new),
                                        Optional.ofNullable(row.getObject(4, Long.class))
                                                .map(OrganizationId::new))),
                        new TextArray(names))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    /** Removes some rows of an outcome that are older than this; answers how many. */
    @AcrossTenants("the settings say how long rows are kept")
    public int removeOld(Transaction transaction, AuditOutcome outcome, Duration kept, int limit) {
        return transaction.change(
                switch (outcome) {
                    case DONE -> REMOVE_DONE;
                    case DENIED -> REMOVE_DENIED;
                },
                kept.toSeconds(),
                limit);
    }

    private static Optional<Long> number(Entry entry) {
        return entry.organizationId().map(OrganizationId::value);
    }

    private static Object[] parameters(List<Object> first, Entry entry) {
        Actor actor = entry.actor();
        List<Object> rest = List.of(
                entry.organization().map(OrganizationName::value),
                actor.kind(),
                actor.name(),
                actor.id(),
                actor.address(),
                actor.client(),
                actor.request(),
                entry.action(),
                entry.targetKind(),
                entry.target(),
                entry.outcome(),
                entry.detail());
        return Stream.concat(first.stream(), rest.stream()).toArray();
    }

    static AuditRow row(ResultSet row) throws SQLException {
        return new AuditRow(
                new Place(row.getObject("at", OffsetDateTime.class).toInstant(), row.getLong("id")),
                row.getObject("reference", UUID.class),
                row.getLong("times"),
                row.getObject("last_at", OffsetDateTime.class).toInstant(),
                new Entry(
                        new Actor(
                                row.getString("actor_kind"),
                                row.getString("actor"),
                                Optional.ofNullable(row.getObject("actor_id", Long.class)),
                                row.getString("address"),
                                row.getString("client"),
                                Optional.ofNullable(row.getString("request_id"))),
                        Optional.ofNullable(row.getObject("organization_id", Long.class))
                                .map(OrganizationId::new),
                        Optional.ofNullable(row.getString("organization")).map(OrganizationName::new),
                        row.getString("action"),
                        row.getString("target_kind"),
                        row.getString("target"),
                        row.getString("outcome"),
                        row.getString("detail")));
    }
}
