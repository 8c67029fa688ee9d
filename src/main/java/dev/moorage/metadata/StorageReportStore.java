package dev.moorage.metadata;

import dev.moorage.metadata.StorageWalk.Place;
import dev.moorage.metadata.StorageWalk.Stage;
import dev.moorage.name.Amount;
import dev.moorage.name.OrganizationId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports of storage: which are due, how far they have got, and the last one that was finished. */
@Singleton
public class StorageReportStore {

    private static final String ENTER = """
            INSERT INTO storage_report (organization_id)
            SELECT o.id
            FROM organization o
            WHERE NOT EXISTS (
                SELECT
                FROM storage_report s
                WHERE s.organization_id = o.id)
            ORDER BY o.id
            LIMIT ?
            ON CONFLICT (organization_id) DO NOTHING
            """;

    private static final String DUE = """
            SELECT id
            FROM storage_report
            WHERE not_before <= now()
            ORDER BY not_before, id
            LIMIT ?
            """;

    private static final String LOCK = """
            SELECT id, organization_id, round, stage, at_repository, at_key
            FROM storage_report
            WHERE id = ? AND not_before <= now()
            FOR NO KEY UPDATE SKIP LOCKED
            """;

    private static final String ADVANCE = """
            UPDATE storage_report
            SET started_at = coalesce(started_at, now()), attempts = 0, stage = ?, at_repository = ?, at_key = ?
            WHERE id = ?
            """;

    private static final String POSTPONE = """
            UPDATE storage_report
            SET attempts = attempts + 1,
                not_before = now() + least(interval '1 day', interval '1 minute' * power(2, least(attempts, 11)))
            WHERE id = ?
            """;

    private static final String UPLOADS_OF_ORGANIZATION = """
            INSERT INTO storage_figure (report_id, round, figure, items, bytes)
            SELECT ?, ?, 'uploads', count(*), coalesce(sum(byte_offset), 0)
            FROM upload
            WHERE organization_id = ? AND storage_key IS NOT NULL
            """;

    // Manifests belong to organizations, each of which has counted its own.
    private static final String REST_OF_REGISTRY = """
            WITH own AS (
                SELECT id, round
                FROM storage_report
                WHERE id = ?)
            INSERT INTO storage_figure (report_id, round, figure, items, bytes)
            SELECT own.id, own.round, 'uploads', sums.items, sums.bytes
            FROM own
            CROSS JOIN (
                SELECT count(*) AS items, coalesce(sum(byte_offset), 0) AS bytes
                FROM upload
                WHERE storage_key IS NOT NULL) sums
            UNION ALL
            SELECT own.id, own.round, sums.figure, sums.items, sums.bytes
            FROM own
            CROSS JOIN (
                SELECT f.figure, sum(f.items) AS items, sum(f.bytes) AS bytes
                FROM storage_report s
                JOIN storage_figure f ON f.report_id = s.id AND f.round = s.round - 1
                WHERE s.organization_id IS NOT NULL
                    AND f.figure IN ('manifests_live', 'manifests_held', 'manifests_reclaimable')
                GROUP BY f.figure) sums
            """;

    private static final String FORGET_OLD = """
            DELETE FROM storage_figure
            WHERE report_id = ? AND round < ?
            """;

    private static final String FORGET_DAYS_OF_ORGANIZATION = """
            DELETE FROM reclaimed_day
            WHERE organization_id = ? AND day <= (now() AT TIME ZONE 'UTC')::date - ?::integer
            """;

    private static final String FORGET_DAYS_OF_REGISTRY = """
            DELETE FROM removed_day
            WHERE day <= (now() AT TIME ZONE 'UTC')::date - ?::integer
            """;

    // The longer one took, the longer until the next, but a day at most: the program may have been away meanwhile.
    private static final String FINISH = """
            UPDATE storage_report
            SET started_at = NULL, stage = 'blobs', at_repository = 0, at_key = '', round = round + 1,
                computed_at = now(), took_seconds = took.seconds, attempts = 0,
                not_before = now() + least(86400, greatest(?, ? * took.seconds)) * interval '1 second'
            FROM (
                SELECT ceil(extract(epoch FROM now() - coalesce(started_at, now())))::bigint AS seconds
                FROM storage_report
                WHERE id = ?) took
            WHERE id = ?
            """;

    private static final String LAST = """
            SELECT s.computed_at, s.took_seconds,
                s.started_at IS NULL AND s.not_before > now()
                    AND s.computed_at + least(86400, greatest(?, ? * s.took_seconds)) * interval '1 second' < now() AS old,
                f.figure, f.items, f.bytes
            FROM storage_report s
            LEFT JOIN storage_figure f ON f.report_id = s.id AND f.round = s.round - 1
            WHERE s.organization_id %s AND s.computed_at IS NOT NULL
            """;

    private static final String LAST_OF_ORGANIZATION = LAST.formatted("= ?");
    private static final String LAST_OF_REGISTRY = LAST.formatted("IS NULL");

    private static final String HASTEN = """
            UPDATE storage_report
            SET not_before = now()
            WHERE organization_id %s AND started_at IS NULL AND not_before > now()
            """;

    private static final String HASTEN_OF_ORGANIZATION = HASTEN.formatted("= ?");
    private static final String HASTEN_OF_REGISTRY = HASTEN.formatted("IS NULL");

    /**
     * How often reports are made.
     *
     * @param interval of those that nobody asks for
     * @param shortest the shortest time from one to the next
     * @param share how many times as long as it took one waits for the next
     */
    public record Pace(Duration interval, Duration shortest, int share) {}

    /**
     * The last report that was finished.
     *
     * @param computedAt when it was
     * @param took how long its figures were counted before that
     * @param age whether it is worth making the next one now
     * @param figures what it says; what is missing is none
     */
    public record Last(Instant computedAt, Duration took, Age age, Map<StorageFigure, Amount> figures) {

        /** Keeps its own copy. */
        public Last {
            figures = Map.copyOf(figures);
        }

        /** Whether it is worth making the next one now. */
        public boolean isOld() {
            return age == Age.OLD;
        }
    }

    /** Whether a report is worth making again. */
    public enum Age {
        FRESH,
        OLD
    }

    /** Lets organizations be reported about that are new, and answers how many. */
    @AcrossTenants("a queue, worked off by any replica")
    public int enter(Transaction transaction, int limit) {
        return transaction.change(ENTER, limit);
    }

    /** Which reports are due, those under way first. */
    @AcrossTenants("a queue, worked off by any replica")
    public List<Long> due(Transaction transaction, int limit) {
        return transaction.all(DUE, row -> row.getLong(1), limit);
    }

    /** Locks a report that is due until the transaction ends; empty where another worker is at it. */
    @AcrossTenants("a queue, worked off by any replica")
    public Optional<StorageWalk> lock(Transaction transaction, long report) {
        return transaction.first(LOCK, StorageReportStore::walk, report);
    }

    /** Lets a locked report go on there. */
    @AcrossTenants("a queue, worked off by any replica")
    public void advance(Transaction transaction, StorageWalk walk) {
        transaction.change(
                ADVANCE,
                walk.stage().text(),
                walk.place().repository(),
                walk.place().key(),
                walk.report());
    }

    /** Lets a report wait that fails, the longer the more often it did. */
    @AcrossTenants("a queue, worked off by any replica")
    public void postpone(Transaction transaction, long report) {
        transaction.change(POSTPONE, report);
    }

    /** Ends a locked report: it is the one that is shown from now on, and days further back than {@code days} are forgotten. */
    @AcrossTenants("a queue, worked off by any replica")
    public void finish(Transaction transaction, StorageWalk walk, Pace pace, int days) {
        walk.organization()
                .ifPresentOrElse(
                        id -> {
                            transaction.change(UPLOADS_OF_ORGANIZATION, walk.report(), walk.round(), id.value());
                            transaction.change(FORGET_DAYS_OF_ORGANIZATION, id.value(), days);
                        },
                        () -> {
                            transaction.change(REST_OF_REGISTRY, walk.report());
                            transaction.change(FORGET_DAYS_OF_REGISTRY, days);
                        });
        transaction.change(FORGET_OLD, walk.report(), walk.round());
        transaction.change(FINISH, pace.interval().toSeconds(), pace.share(), walk.report(), walk.report());
    }

    /** The last report about an organization; empty where there is none yet. */
    public Optional<Last> last(Transaction transaction, OrganizationId organization, Pace pace) {
        return last(transaction.all(
                LAST_OF_ORGANIZATION,
                StorageReportStore::line,
                pace.shortest().toSeconds(),
                pace.share(),
                organization.value()));
    }

    /** The last report about the registry as a whole; empty where there is none yet. */
    @AcrossTenants("for administrators: sums over all tenants")
    public Optional<Last> last(Transaction transaction, Pace pace) {
        return last(transaction.all(
                LAST_OF_REGISTRY, StorageReportStore::line, pace.shortest().toSeconds(), pace.share()));
    }

    /** Lets the next report about an organization begin at once. */
    public void hasten(Transaction transaction, OrganizationId organization) {
        transaction.change(HASTEN_OF_ORGANIZATION, organization.value());
    }

    /** Lets the next report about the registry as a whole begin at once. */
    @AcrossTenants("for administrators: sums over all tenants")
    public void hasten(Transaction transaction) {
        transaction.change(HASTEN_OF_REGISTRY);
    }

    private record Line(Last report, Optional<StorageFigure> figure, Amount amount) {}

    private static Optional<Last> last(List<Line> lines) {
        return lines.stream().findFirst().map(first -> {
            Map<StorageFigure, Amount> figures = new EnumMap<>(StorageFigure.class);
            lines.forEach(line -> line.figure().ifPresent(figure -> figures.put(figure, line.amount())));
            Last report = first.report();
            return new Last(report.computedAt(), report.took(), report.age(), figures);
        });
    }

    private static Line line(ResultSet row) throws SQLException {
        Last report = new Last(
                row.getObject("computed_at", OffsetDateTime.class).toInstant(),
                Duration.ofSeconds(row.getLong("took_seconds")),
                row.getBoolean("old") ? Age.OLD : Age.FRESH,
                Map.of());
        return new Line(
                report,
                Optional.ofNullable(row.getString("figure")).map(StorageFigure::of),
                new Amount(row.getLong("items"), row.getLong("bytes")));
    }

    private static StorageWalk walk(ResultSet row) throws SQLException {
        return new StorageWalk(
                row.getLong("id"),
                Optional.ofNullable(row.getObject("organization_id", Long.class))
                        .map(OrganizationId::new),
                row.getLong("round"),
                Stage.of(row.getString("stage")),
                new Place(row.getLong("at_repository"), row.getString("at_key")));
    }
}
