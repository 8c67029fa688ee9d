package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The queue of what may be collected.
 *
 * <p>Whoever takes away what may have kept something puts it here, in the same transaction. Each thing is here once. A worker
 * locks the entry before it looks at the thing: who enqueues the same thing meanwhile waits, and makes a new entry when the
 * worker has done with the old one, so nothing that happens while a worker looks is missed.
 */
@Singleton
public class ReviewStore {

    // One that failed keeps its distance from the next attempt, whoever asks for it again.
    private static final String ONCE = """
            ON CONFLICT ON CONSTRAINT review_once
            DO UPDATE SET not_before = excluded.not_before, because = excluded.because
            WHERE review.attempts = 0 AND excluded.not_before < review.not_before
            """;

    // Always in one order, so that two who enqueue the same things do not wait for each other.
    private static final String ENQUEUE = """
            INSERT INTO review (kind, organization_id, repository_id, digest, because, not_before)
            SELECT ?, ?::bigint, ?::bigint, digest, ?, now() + ? * interval '1 second'
            FROM unnest(?::text[]) AS asked (digest)
            ORDER BY digest
            """ + ONCE;

    private static final String ENQUEUE_ORGANIZATION = """
            INSERT INTO review (kind, organization_id, because, not_before)
            VALUES ('organization', ?, ?, ?::timestamptz + ? * interval '1 second')
            """ + ONCE;

    private static final String ENQUEUE_REPOSITORIES = """
            INSERT INTO review (kind, organization_id, repository_id, because, not_before)
            SELECT 'repository', ?, asked.id, ?, now()
            FROM unnest(?::bigint[]) AS asked (id)
            ORDER BY asked.id
            """ + ONCE;

    private static final String END_HOLDS = """
            WITH gone AS (
                DELETE FROM hold
                WHERE id = ANY (ARRAY(
                    SELECT id
                    FROM hold
                    WHERE held_until <= now()
                    ORDER BY held_until
                    LIMIT ?
                    FOR UPDATE SKIP LOCKED))
                RETURNING kind, organization_id, repository_id, digest),
            found AS (
                INSERT INTO review (kind, organization_id, repository_id, digest, because, not_before)
                SELECT DISTINCT kind, organization_id, repository_id, digest, 'hold_ended',
                    now() + ? * interval '1 second'
                FROM gone
                WHERE kind IN ('repository', 'manifest', 'link')
                ORDER BY kind, organization_id, repository_id, digest
            """ + ONCE + """
            )
            SELECT count(*)
            FROM gone
            """;

    // The next attempt is put off before anything is done: what a worker leaves when it dies is taken up again.
    private static final String TAKE_DUE = """
            UPDATE review
            SET attempts = attempts + 1,
                not_before = now() + least(interval '1 day', interval '1 minute' * power(2, least(attempts, 11)))
            WHERE id = ANY (ARRAY(
                SELECT id
                FROM review
                WHERE not_before <= now()
                ORDER BY not_before
                LIMIT ?
                FOR UPDATE SKIP LOCKED))
            RETURNING id, kind, organization_id, repository_id, digest, attempts
            """;

    // A session between two statements of a transaction is at work too.
    private static final String OTHERS_AT_WORK = """
            SELECT EXISTS (
                SELECT
                FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
                    AND state <> 'idle')
            """;

    private static final String LOCK = """
            SELECT true
            FROM review
            WHERE id = ?
            FOR UPDATE
            """;

    private static final String DONE = """
            DELETE FROM review
            WHERE id = ?
            """;

    private static final String POSTPONE = """
            UPDATE review
            SET not_before = greatest(now(), ?::timestamptz), attempts = 0
            WHERE id = ?
            """;

    /** Why something is looked at. */
    public enum Because {
        /** Its undo window is over. */
        HOLD_ENDED,
        /** A manifest that referenced it has gone. */
        MANIFEST_GONE,
        /** The last link of an organization to it has gone. */
        LINK_GONE,
        /** The organization that it lies in is taken away. */
        ORGANIZATION_GONE
    }

    /**
     * Something to look at.
     *
     * @param id of the entry
     * @param candidate the thing
     * @param attempts how often it was tried, this time included
     */
    public record Due(long id, Candidate candidate, int attempts) {}

    /** Whether anybody else asks something of the database at this moment, at whatever replica. */
    @AcrossTenants("the sessions of the database, not what is in it")
    public boolean othersAtWork(Transaction transaction) {
        return transaction.first(OTHERS_AT_WORK, row -> row.getBoolean(1)).orElseThrow();
    }

    /** Puts links or manifests of a repository into the queue; behind everything else that the transaction locks. */
    public void enqueue(
            Transaction transaction,
            RepositoryKey repository,
            HistoryStore.Held kind,
            Collection<Digest> digests,
            Because because,
            Duration delay) {
        if (!digests.isEmpty()) {
            transaction.change(
                    ENQUEUE,
                    kind.name().toLowerCase(Locale.ROOT),
                    repository.organization().value(),
                    repository.repository().value(),
                    because.name().toLowerCase(Locale.ROOT),
                    delay.toSeconds(),
                    LinkStore.texts(digests));
        }
    }

    /** Puts blobs into the queue; behind everything else that the transaction locks. */
    @AcrossTenants("bytes are kept once for all tenants")
    public void enqueueBlobs(Transaction transaction, Collection<Digest> digests, Because because, Duration delay) {
        if (!digests.isEmpty()) {
            transaction.change(
                    ENQUEUE,
                    "blob",
                    Optional.empty(),
                    Optional.empty(),
                    because.name().toLowerCase(Locale.ROOT),
                    delay.toSeconds(),
                    LinkStore.texts(digests));
        }
    }

    /** Puts an organization into the queue, some time behind the end of its undo window. */
    public void enqueue(
            Transaction transaction, OrganizationId organization, OffsetDateTime windowEnds, Duration delay) {
        transaction.change(
                ENQUEUE_ORGANIZATION,
                organization.value(),
                Because.HOLD_ENDED.name().toLowerCase(Locale.ROOT),
                windowEnds,
                delay.toSeconds());
    }

    /** Puts repositories of an organization that is taken away into the queue, for now. */
    public void enqueue(Transaction transaction, OrganizationId organization, Collection<RepositoryId> repositories) {
        if (!repositories.isEmpty()) {
            transaction.change(
                    ENQUEUE_REPOSITORIES,
                    organization.value(),
                    Because.ORGANIZATION_GONE.name().toLowerCase(Locale.ROOT),
                    new Transaction.TextArray(repositories.stream()
                            .map(id -> Long.toString(id.value()))
                            .toList()));
        }
    }

    /** Ends some holds whose time is over, puts what they held into the queue, and answers how many ended. */
    @AcrossTenants("a queue, worked off by any replica")
    public int endHolds(Transaction transaction, int limit, Duration delay) {
        return transaction
                .first(END_HOLDS, row -> row.getInt(1), limit, delay.toSeconds())
                .orElseThrow();
    }

    /** Takes entries whose time has come, for one attempt; others may take the same ones some time later. */
    @AcrossTenants("a queue, worked off by any replica")
    public List<Due> takeDue(Transaction transaction, int limit) {
        return transaction.all(TAKE_DUE, ReviewStore::due, limit);
    }

    /** Locks an entry until the transaction ends; false where another worker has done with it. */
    @AcrossTenants("a queue, worked off by any replica")
    public boolean lock(Transaction transaction, long id) {
        return transaction.first(LOCK, _ -> true, id).isPresent();
    }

    /** Removes a locked entry. */
    @AcrossTenants("a queue, worked off by any replica")
    public void done(Transaction transaction, long id) {
        transaction.change(DONE, id);
    }

    /** Lets a locked entry wait until then, or go on at once; the attempts begin anew. */
    @AcrossTenants("a queue, worked off by any replica")
    public void postpone(Transaction transaction, long id, Optional<OffsetDateTime> until) {
        transaction.change(POSTPONE, until, id);
    }

    private static Due due(ResultSet row) throws SQLException {
        return new Due(row.getLong("id"), candidate(row), row.getInt("attempts"));
    }

    /** Never fails for what an entry says: the others that were taken with it would not be looked at. */
    private static Candidate candidate(ResultSet row) throws SQLException {
        String kind = row.getString("kind");
        if (kind.equals("organization")) {
            return new Candidate.Organization(repository(row).organization());
        }
        if (kind.equals("repository")) {
            return new Candidate.Repository(repository(row));
        }
        Optional<Digest> digest = Optional.ofNullable(row.getString("digest")).flatMap(Digest::parse);
        if (digest.isEmpty()) {
            return new Candidate.Unknown(kind);
        }
        return switch (kind) {
            case "manifest" -> new Candidate.Manifest(repository(row), digest.get());
            case "link" -> new Candidate.Link(repository(row), digest.get());
            case "blob" -> new Candidate.Blob(digest.get());
            default -> new Candidate.Unknown(kind);
        };
    }

    private static RepositoryKey repository(ResultSet row) throws SQLException {
        return new RepositoryKey(
                new OrganizationId(row.getLong("organization_id")), new RepositoryId(row.getLong("repository_id")));
    }
}
