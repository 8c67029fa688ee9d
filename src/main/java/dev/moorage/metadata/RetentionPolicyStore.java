package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RetentionPolicy;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionSchedule;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The retention policies of organizations and repositories, and when they are due. */
@Singleton
public class RetentionPolicyStore {

    private static final String COLUMNS = """
            SELECT p.organization_id, p.repository_id, p.rules, p.every_seconds, p.daily_second, p.next_at, p.id
            FROM retention_policy p
            """;

    // A repository's own policy stands in the place of its organization's.
    private static final String IN_FORCE = COLUMNS + """
            WHERE p.organization_id = ? AND (p.repository_id IS NULL OR p.repository_id = ?::bigint)
            ORDER BY p.repository_id NULLS LAST
            LIMIT 1
            """;

    // The next of such times: now and so many seconds, or that second of this day or the next one, in UTC.
    private static final String NEXT = """
            coalesce(
                now() + %1$s * interval '1 second',
                (date_trunc('day', now() AT TIME ZONE 'UTC') + %2$s * interval '1 second'
                    + CASE
                        WHEN date_trunc('day', now() AT TIME ZONE 'UTC') + %2$s * interval '1 second'
                            <= now() AT TIME ZONE 'UTC' THEN interval '1 day'
                        ELSE interval '0' END) AT TIME ZONE 'UTC')
            """;

    private static final String PUT = """
            INSERT INTO retention_policy AS p (organization_id, repository_id, rules, every_seconds, daily_second, next_at)
            SELECT ?, ?::bigint, ?::text[], new.every, new.daily, %s
            FROM (VALUES (?::bigint, ?::int)) new (every, daily)
            ON CONFLICT (organization_id, repository_id) DO UPDATE
            SET rules = excluded.rules, every_seconds = excluded.every_seconds, daily_second = excluded.daily_second,
                next_at = excluded.next_at, changed_at = now()
            """.formatted(NEXT.formatted("new.every", "new.daily"));

    private static final String REMOVE = """
            DELETE FROM retention_policy
            WHERE organization_id = ? AND repository_id IS NOT DISTINCT FROM ?::bigint
            """;

    private static final String TAKE_DUE = COLUMNS + """
            WHERE p.next_at <= now()
            ORDER BY p.next_at
            LIMIT 1
            FOR NO KEY UPDATE SKIP LOCKED
            """;

    private static final String PUT_OFF = """
            UPDATE retention_policy
            SET next_at = %s
            WHERE organization_id = ? AND id = ?
            """.formatted(NEXT.formatted("every_seconds", "daily_second"));

    private static final String LIVES = """
            SELECT true
            FROM organization o
            WHERE o.id = ? AND o.deleted_at IS NULL
                AND (?::bigint IS NULL OR EXISTS (
                    SELECT FROM repository r WHERE r.organization_id = o.id AND r.id = ?::bigint AND r.deleted_at IS NULL))
            """;

    /**
     * What a policy is for, or a run of it.
     *
     * @param organization the organization
     * @param repository one repository of it; empty for those that have no policy of their own
     */
    public record Scope(OrganizationId organization, Optional<RepositoryId> repository) {

        Optional<Long> id() {
            return repository.map(RepositoryId::value);
        }
    }

    /**
     * A policy.
     *
     * @param scope what it is for
     * @param policy what it says
     * @param nextAt when it is due, by the database's clock
     */
    public record Row(Scope scope, RetentionPolicy policy, Optional<Instant> nextAt) {}

    private record Due(Row row, long id) {}

    /** The policy that is in force: a repository's own one, or else its organization's. */
    public Optional<Row> inForce(
            Transaction transaction, OrganizationId organization, Optional<RepositoryId> repository) {
        return transaction.first(
                IN_FORCE, RetentionPolicyStore::row, organization.value(), repository.map(RepositoryId::value));
    }

    /** Sets a policy in the place of the one that there is, and when it is due next. */
    public void put(
            Transaction transaction,
            OrganizationId organization,
            Optional<RepositoryId> repository,
            RetentionPolicy policy) {
        transaction.change(
                PUT,
                organization.value(),
                repository.map(RepositoryId::value),
                texts(policy.rules()),
                policy.schedule()
                        .flatMap(schedule -> schedule instanceof RetentionSchedule.Every(Duration period)
                                ? Optional.of(period.toSeconds())
                                : Optional.empty()),
                policy.schedule()
                        .flatMap(schedule -> schedule instanceof RetentionSchedule.Daily(LocalTime at)
                                ? Optional.of(at.toSecondOfDay())
                                : Optional.empty()));
    }

    /** Takes a policy away; false where there is none. */
    public boolean remove(Transaction transaction, OrganizationId organization, Optional<RepositoryId> repository) {
        return transaction.change(REMOVE, organization.value(), repository.map(RepositoryId::value)) == 1;
    }

    /** Takes a policy that is due, which no other worker gets then, and puts it off to its next time. */
    @AcrossTenants("whichever policy is due")
    public Optional<Row> takeDue(Transaction transaction) {
        Optional<Due> due = transaction.first(TAKE_DUE, row -> new Due(row(row), row.getLong(7)));
        due.ifPresent(taken ->
                transaction.change(PUT_OFF, taken.row().scope().organization().value(), taken.id()));
        return due.map(Due::row);
    }

    /** Whether what a policy is for has not been deleted. */
    public boolean lives(Transaction transaction, OrganizationId organization, Optional<RepositoryId> repository) {
        Optional<Long> id = repository.map(RepositoryId::value);
        return transaction.first(LIVES, _ -> true, organization.value(), id, id).isPresent();
    }

    static TextArray texts(List<RetentionRule> rules) {
        return new TextArray(rules.stream().map(RetentionRule::text).toList());
    }

    static List<RetentionRule> rules(ResultSet row, int index) throws SQLException {
        return Stream.of((String[]) row.getArray(index).getArray())
                .map(text -> RetentionRule.parse(text).orElseThrow())
                .toList();
    }

    static Scope scope(ResultSet row) throws SQLException {
        return new Scope(
                new OrganizationId(row.getLong("organization_id")),
                Optional.ofNullable(row.getObject("repository_id", Long.class)).map(RepositoryId::new));
    }

    private static Row row(ResultSet row) throws SQLException {
        Optional<RetentionSchedule> every = Optional.ofNullable(row.getObject(4, Long.class))
                .map(seconds -> new RetentionSchedule.Every(Duration.ofSeconds(seconds)));
        Optional<RetentionSchedule> daily = Optional.ofNullable(row.getObject(5, Integer.class))
                .map(second -> new RetentionSchedule.Daily(LocalTime.ofSecondOfDay(second)));
        return new Row(scope(row), new RetentionPolicy(rules(row, 3), every.or(() -> daily)), Columns.instant(row, 6));
    }
}
