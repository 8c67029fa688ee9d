package dev.moorage.metadata;

import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.RetentionPolicyStore.Scope;
import dev.moorage.metadata.RetentionRun.Counts;
import dev.moorage.metadata.RetentionRun.Kind;
import dev.moorage.metadata.RetentionRun.New;
import dev.moorage.metadata.RetentionRun.Place;
import dev.moorage.metadata.RetentionRun.Progress;
import dev.moorage.metadata.RetentionRun.State;
import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Amount;
import dev.moorage.name.OrganizationId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Previews and runs of retention policies: rows that any replica takes up, and writes of only while it has them. */
@Singleton
public class RetentionRunStore {

    private static final String COLUMNS = """
            id, organization_id, repository_id, kind, rules, actor, address, client, claim_names, claim_values, group_id,
                state, at_repository, at_name, latest, deleted_in_pass, decisions, tags_dropped, manifests_dropped,
                manifest_bytes, blobs_freed, blob_bytes, deleted, skipped, step, attempts, started_at, decided_at, finished_at,
                why, undoes, undoes_group, decisions_removed_at
            """;

    private static final String NEW_RUN = """
            INSERT INTO retention_run (id, organization_id, repository_id, kind, rules, actor, address, client, claim_names,
                claim_values, group_id, why, undoes, undoes_group, state)
            VALUES (?, ?, ?::bigint, ?, ?::text[], ?, ?, ?, ?::text[], ?::text[], ?, ?, ?::uuid, ?::uuid, ?)
            ON CONFLICT DO NOTHING
            """;

    // Whoever begins something or ends what was begun by other rules does so one after the other.
    private static final String LOCK = "SELECT pg_advisory_xact_lock(5019, (?::bigint % 2147483647)::integer)";

    // Those that are under way are followed by others when they have ended.
    private static final String SUPERSEDE = """
            UPDATE retention_run
            SET superseded_at = now()
            WHERE organization_id = ? AND repository_id IS NOT DISTINCT FROM ?::bigint AND kind = ANY (?)
                AND finished_at IS NOT NULL AND superseded_at IS NULL
                AND (started_at, id) < (
                    SELECT n.started_at, n.id
                    FROM retention_run n
                    WHERE n.organization_id = retention_run.organization_id
                        AND n.repository_id IS NOT DISTINCT FROM retention_run.repository_id AND n.kind = ANY (?)
                    ORDER BY n.started_at DESC, n.id DESC
                    OFFSET ?
                    LIMIT 1)
            """;

    private static final String LOCK_RUNS = """
            SELECT id
            FROM retention_run
            WHERE organization_id = ? AND kind = 'run' AND finished_at IS NULL
            ORDER BY id
            FOR NO KEY UPDATE
            """;

    // By the rules of the policy that is in force, a repository's own or its organization's; there may be none.
    private static final String END_WITHDRAWN = """
            UPDATE retention_run
            SET step = step + 1, state = 'withdrawn', lease_until = NULL, finished_at = now()
            WHERE kind = 'run' AND finished_at IS NULL %s AND rules IS DISTINCT FROM (
                SELECT p.rules
                FROM retention_policy p
                WHERE p.organization_id = retention_run.organization_id
                    AND (p.repository_id IS NULL OR p.repository_id = retention_run.repository_id)
                ORDER BY p.repository_id NULLS LAST
                LIMIT 1)
            """;

    private static final String END_WITHDRAWN_ANYWHERE = END_WITHDRAWN.formatted("");
    private static final String END_WITHDRAWN_IN = END_WITHDRAWN.formatted("AND organization_id = ?");

    // A group's events of one repository are undone below that repository, wherever the run was begun.
    private static final String OF_GROUP = """
            SELECT id
            FROM retention_run
            WHERE organization_id = ? AND group_id = ?
            LIMIT 1
            """;

    private static final String UNFINISHED = """
            SELECT count(*)
            FROM retention_run
            WHERE organization_id = ? AND finished_at IS NULL
            """;

    private static final String IN_SIGHT = """
            NOT EXISTS (
                SELECT FROM organization o WHERE o.id = retention_run.organization_id AND o.restorable_until IS NOT NULL)
            """;

    // Those of a deleted organization wait until it is brought back. A worker that is held up longer than its lease
    // finds another step when it writes.
    private static final String TAKE = """
            UPDATE retention_run
            SET step = step + 1, attempts = attempts + 1, taken_at = clock_timestamp(),
                lease_until = now() + interval '30 seconds'
            WHERE (organization_id, id) = (
                SELECT organization_id, id
                FROM retention_run
                WHERE finished_at IS NULL AND (lease_until IS NULL OR lease_until < now()) %s
                    AND IN_SIGHT
                ORDER BY taken_at
                LIMIT 1
                FOR NO KEY UPDATE SKIP LOCKED)
            RETURNING
            """.replace("IN_SIGHT", IN_SIGHT) + COLUMNS;

    private static final String TAKE_ANY = TAKE.formatted("");
    private static final String TAKE_ONE = TAKE.formatted("AND organization_id = ? AND id = ?");

    private static final String ADVANCE = """
            UPDATE retention_run
            SET step = step + 1, attempts = 0, lease_until = now() + interval '30 seconds', state = ?, at_repository = ?,
                at_name = ?, latest = ?::text[], deleted_in_pass = ?, decisions = ?, tags_dropped = ?,
                manifests_dropped = ?, manifest_bytes = ?, blobs_freed = ?, blob_bytes = ?, deleted = ?, skipped = ?,
                decided_at = CASE
                    WHEN ?::text IN ('deleting-tags', 'deleting-manifests', 'done') THEN coalesce(decided_at, now())
                    ELSE decided_at END,
                finished_at = CASE WHEN ?::text IN ('done', 'failed') THEN now() END
            WHERE organization_id = ? AND id = ? AND step = ?
            """;

    private static final String HOLD = """
            SELECT true
            FROM retention_run
            WHERE organization_id = ? AND id = ? AND step = ? AND IN_SIGHT
            FOR NO KEY UPDATE
            """.replace("IN_SIGHT", IN_SIGHT);

    private static final String RENEW = """
            UPDATE retention_run
            SET lease_until = now() + interval '30 seconds'
            WHERE organization_id = ? AND id = ? AND step = ?
            """;

    private static final String RELEASE = """
            UPDATE retention_run
            SET lease_until = NULL
            WHERE organization_id = ? AND id = ? AND step = ?
            """;

    private static final String RUN = "SELECT " + COLUMNS + " FROM retention_run WHERE organization_id = ? AND id = ?"
            + " AND repository_id IS NOT DISTINCT FROM ?::bigint";

    private static final String RUN_REACHING = "SELECT " + COLUMNS + """
            FROM retention_run
            WHERE organization_id = ? AND id = ? AND (repository_id IS NULL OR repository_id = ?::bigint)
            """;

    private static final String LATEST_RUNS = "SELECT " + COLUMNS + """
            FROM retention_run
            WHERE organization_id = ? AND %s
                AND (started_at, id) < (
                    CASE WHEN ?::uuid IS NULL THEN 'infinity'::timestamptz
                    ELSE (SELECT b.started_at FROM retention_run b WHERE b.organization_id = ? AND b.id = ?::uuid) END,
                    coalesce(?::uuid, '00000000-0000-0000-0000-000000000000'))
            ORDER BY repository_id DESC, started_at DESC, id DESC
            LIMIT ?
            """;

    // Two texts: the index is not used for what may be a number or none.
    private static final String LATEST_OF_REPOSITORY = LATEST_RUNS.formatted("repository_id = ?");
    private static final String LATEST_OF_ORGANIZATION =
            LATEST_RUNS.formatted("repository_id IS NULL AND ?::bigint IS NULL");

    private static final List<String> PREVIEWS = List.of("preview");
    private static final List<String> RUNS = List.of("run", "undo");

    /** How many previews of an organization's or a repository's policy are kept. */
    public static final int PREVIEWS_KEPT = 10;

    /** Of how many runs and undos of one the decisions are kept. */
    public static final int RUNS_KEPT = 30;

    /** Lets what begins or is ended in an organization wait until the transaction has ended. */
    public void lock(Transaction transaction, OrganizationId organization) {
        transaction.first(LOCK, _ -> true, organization.value());
    }

    /**
     * Begins a run, behind {@link #lock}; false where one of the same policy is under way. Those that are too many by now are
     * superseded.
     */
    public boolean insert(Transaction transaction, OrganizationId organization, New begun) {
        Origin origin = begun.origin();
        List<String> names = origin.claims().keySet().stream().sorted().toList();
        int made = transaction.change(
                NEW_RUN,
                begun.id(),
                organization.value(),
                begun.scope().id(),
                begun.kind().text(),
                RetentionPolicyStore.texts(begun.rules()),
                origin.actor(),
                origin.address(),
                origin.client(),
                new TextArray(names),
                new TextArray(names.stream().map(origin.claims()::get).toList()),
                origin.group(),
                origin.why(),
                begun.undoes().map(RetentionRun.Undoes::run),
                begun.undoes().map(RetentionRun.Undoes::group),
                begun.kind().first().text());
        if (made == 1) {
            supersede(transaction, organization, begun);
        }
        return made == 1;
    }

    private static void supersede(Transaction transaction, OrganizationId organization, New begun) {
        boolean preview = begun.kind() == Kind.PREVIEW;
        TextArray kinds = new TextArray(preview ? PREVIEWS : RUNS);
        transaction.change(
                SUPERSEDE,
                organization.value(),
                begun.scope().id(),
                kinds,
                kinds,
                (preview ? PREVIEWS_KEPT : RUNS_KEPT) - 1);
    }

    /**
     * Ends the runs of an organization whose policy is not in force any more as it was when they began, behind {@link #lock}.
     * Steps that are being made come to their end before.
     */
    public void endWithdrawn(Transaction transaction, OrganizationId organization) {
        transaction.all(LOCK_RUNS, row -> row.getObject(1, UUID.class), organization.value());
        // In a statement of its own, behind the locks.
        transaction.change(END_WITHDRAWN_IN, organization.value());
    }

    /** The same in every organization, for whoever changed a policy may have died before he came to that. */
    @AcrossTenants("whichever run is not wanted any more")
    public void endWithdrawn(Transaction transaction) {
        transaction.change(END_WITHDRAWN_ANYWHERE);
    }

    /** The run whose events are of a group. */
    public Optional<UUID> ofGroup(Transaction transaction, OrganizationId organization, UUID group) {
        return transaction.first(OF_GROUP, row -> row.getObject(1, UUID.class), organization.value(), group);
    }

    /** How many previews and runs of an organization have not ended. */
    public long unfinished(Transaction transaction, OrganizationId organization) {
        return transaction
                .first(UNFINISHED, row -> row.getLong(1), organization.value())
                .orElseThrow();
    }

    /** Takes up a run that nobody works on. */
    @AcrossTenants("whichever run waits")
    public Optional<RetentionRun> take(Transaction transaction) {
        return transaction.first(TAKE_ANY, RetentionRunStore::run);
    }

    /** Takes up a run, unless it has ended or somebody works on it. */
    public Optional<RetentionRun> take(Transaction transaction, OrganizationId organization, UUID id) {
        return transaction.first(TAKE_ONE, RetentionRunStore::run, organization.value(), id);
    }

    /** Keeps a run to the transaction's end; false where it is at another step than the worker knows. */
    public boolean hold(Transaction transaction, OrganizationId organization, RetentionRun run) {
        return transaction
                .first(HOLD, _ -> true, organization.value(), run.id(), run.step())
                .isPresent();
    }

    /** Keeps a run from being taken up by another worker while a step takes long. */
    public void renew(Transaction transaction, OrganizationId organization, RetentionRun run) {
        transaction.change(RENEW, organization.value(), run.id(), run.step());
    }

    /** Writes how far a run has come that the caller {@link #hold holds}; the run's next step is one more. */
    public void advance(Transaction transaction, OrganizationId organization, RetentionRun run, Progress to) {
        Counts counts = to.counts();
        transaction.change(
                ADVANCE,
                to.state().text(),
                to.place().repository(),
                to.place().name(),
                new TextArray(to.place().latest()),
                to.place().deletedInPass(),
                counts.decisions(),
                counts.tags(),
                counts.manifests().items(),
                counts.manifests().bytes(),
                counts.blobs().items(),
                counts.blobs().bytes(),
                counts.deleted(),
                counts.skipped(),
                to.state().text(),
                to.state().text(),
                organization.value(),
                run.id(),
                run.step());
    }

    /** Leaves a run to whoever takes it up next. */
    public void release(Transaction transaction, OrganizationId organization, RetentionRun run) {
        transaction.change(RELEASE, organization.value(), run.id(), run.step());
    }

    /** A run of exactly this scope. */
    public Optional<RetentionRun> find(Transaction transaction, OrganizationId organization, Scope scope, UUID id) {
        return transaction.first(RUN, RetentionRunStore::run, organization.value(), id, scope.id());
    }

    /** A run of this scope, or of the organization that it is in. */
    public Optional<RetentionRun> findReaching(
            Transaction transaction, OrganizationId organization, Scope scope, UUID id) {
        return transaction.first(RUN_REACHING, RetentionRunStore::run, organization.value(), id, scope.id());
    }

    /** Runs of exactly this scope, the latest first, from behind one. */
    public List<RetentionRun> page(
            Transaction transaction, OrganizationId organization, Scope scope, Optional<UUID> before, int limit) {
        return transaction.all(
                scope.repository().isPresent() ? LATEST_OF_REPOSITORY : LATEST_OF_ORGANIZATION,
                RetentionRunStore::run,
                organization.value(),
                scope.id(),
                before,
                organization.value(),
                before,
                before,
                limit);
    }

    private static RetentionRun run(ResultSet row) throws SQLException {
        return new RetentionRun(
                row.getObject("id", UUID.class),
                RetentionPolicyStore.scope(row),
                Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                RetentionPolicyStore.rules(row, 5),
                origin(row),
                progress(row),
                row.getLong("step"),
                row.getInt("attempts"),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                Columns.instant(row, 28),
                Columns.instant(row, 29),
                undoes(row),
                row.getObject("decisions_removed_at") == null
                        ? RetentionRun.Decisions.KEPT
                        : RetentionRun.Decisions.REMOVED);
    }

    private static Optional<RetentionRun.Undoes> undoes(ResultSet row) throws SQLException {
        UUID group = row.getObject("undoes_group", UUID.class);
        return Optional.ofNullable(row.getObject("undoes", UUID.class)).map(run -> new RetentionRun.Undoes(run, group));
    }

    private static Origin origin(ResultSet row) throws SQLException {
        String[] names = (String[]) row.getArray("claim_names").getArray();
        String[] values = (String[]) row.getArray("claim_values").getArray();
        Map<String, String> claims = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            claims.put(names[i], values[i]);
        }
        return new Origin(
                row.getObject("group_id", UUID.class),
                row.getString("actor"),
                row.getString("address"),
                row.getString("client"),
                claims,
                Optional.ofNullable(row.getString("why")));
    }

    private static Progress progress(ResultSet row) throws SQLException {
        return new Progress(
                State.parse(row.getString("state")),
                new Place(
                        row.getLong("at_repository"),
                        row.getString("at_name"),
                        Stream.of((String[]) row.getArray("latest").getArray()).toList(),
                        row.getInt("deleted_in_pass")),
                new Counts(
                        row.getLong("decisions"),
                        row.getLong("tags_dropped"),
                        new Amount(row.getLong("manifests_dropped"), row.getLong("manifest_bytes")),
                        new Amount(row.getLong("blobs_freed"), row.getLong("blob_bytes")),
                        row.getLong("deleted"),
                        row.getLong("skipped")));
    }
}
