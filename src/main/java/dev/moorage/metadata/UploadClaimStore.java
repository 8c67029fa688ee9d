package dev.moorage.metadata;

import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Upload sessions as requests begin and take them, several in one statement. */
@Singleton
public class UploadClaimStore {

    // Of an organization with a quota nothing is known here but that it has one. What is shared in a statement is
    // shared until its
    // end, which is that of the transaction too. Nobody waits here for a repository that somebody is about to delete:
    // whoever is
    // left out asks again by himself.
    private static final String BEGIN = """
            WITH kept AS (
                SELECT asked.*, r.organization_id, r.id AS repository_id,
                    (SELECT o.quota_bytes FROM organization o WHERE o.id = r.organization_id) AS quota
                FROM %s
                JOIN repository r ON r.name = asked.name
                WHERE r.deleted_at IS NULL %s
                FOR SHARE OF r SKIP LOCKED),
            open AS (
                SELECT one.organization_id, (
                    SELECT count(*)
                    FROM (
                        SELECT
                        FROM upload
                        WHERE organization_id = one.organization_id AND storage_key IS NOT NULL AND expires_at > now()
                        ORDER BY expires_at
                        LIMIT ?) counted) AS uploads
                FROM (SELECT DISTINCT organization_id FROM kept) one)
            INSERT INTO upload (id, organization_id, repository_id, account, algorithm, storage_key, expires_at, epoch,
                lease_until)
            SELECT kept.id, kept.organization_id, kept.repository_id, kept.account, kept.algorithm, kept.storage_key,
                now() + ? * interval '1 second', kept.epoch,
                CASE WHEN kept.epoch > 0 THEN now() + interval '10 seconds' END
            FROM kept
            JOIN open ON open.organization_id = kept.organization_id
            WHERE kept.quota IS NULL AND open.uploads < ?
            RETURNING id, organization_id, repository_id
            """;

    private static final List<String> BEGIN_COLUMNS =
            List.of("name", "id", "account", "algorithm", "storage_key", "epoch");

    // Of two requests that ask for one session together, one is answered. Nobody waits for whoever writes to a
    // session's
    // row.
    // The lock inside keeps the planner from walking through all sessions of the repository.
    private static final String TAKE_IF_FREE = """
            WITH free AS (
                SELECT u.id, asked.place
                FROM %s
                CROSS JOIN LATERAL (
                    SELECT id, organization_id, repository_id
                    FROM upload
                    WHERE id = asked.id AND account = asked.account AND expires_at > now()
                        AND (lease_until IS NULL OR lease_until < now()
                            OR (waiting_for_client AND last_byte_at < now() - interval '5 seconds'))
                    FOR NO KEY UPDATE SKIP LOCKED) u
                JOIN repository r ON r.organization_id = u.organization_id AND r.id = u.repository_id AND r.name = asked.name
                WHERE r.deleted_at IS NULL %s)
            UPDATE upload u
            SET epoch = u.epoch + 1, waiting_for_client = false, last_byte_at = now(),
                lease_until = CASE WHEN u.storage_key IS NOT NULL THEN now() + interval '10 seconds' END
            FROM free
            WHERE u.id = free.id
            RETURNING free.place,
            """ + UploadStore.COLUMNS;

    private static final List<String> TAKE_COLUMNS = List.of("name", "id", "account");

    private final GuardedText begins = new GuardedText(BEGIN, BEGIN_COLUMNS);
    private final GuardedText takes = new GuardedText(TAKE_IF_FREE, TAKE_COLUMNS);

    /**
     * A session that is to be made.
     *
     * @param repository where
     * @param session which
     * @param account whose
     */
    public record Begin(RepositoryScope repository, UploadStore.Wanted session, String account) {
        private Object[] row() {
            return new Object[] {
                repository.name().value(),
                session.id().value(),
                account,
                session.algorithm().prefix(),
                session.key().value(),
                session.epoch()
            };
        }
    }

    /**
     * A session that a request wants for itself.
     *
     * @param repository where it is
     * @param session which
     */
    public record Take(RepositoryScope repository, UploadStore.Session session) {
        private Object[] row() {
            return new Object[] {repository.name().value(), session.id().value(), session.account()};
        }
    }

    /**
     * Makes sessions, each in the live repository of its name, if its organization has no quota of bytes and fewer than so many
     * sessions open; empty where one of these is not so, or the repository is about to be deleted. All have guards of one text.
     */
    @AcrossTenants("each session is made in its own repository, by its own guard")
    public List<Optional<UploadRow>> begin(Transaction transaction, List<Begin> begins, Duration expiry, int limit) {
        List<Object> parameters = new ArrayList<>(this.begins.arrays(begins, Begin::repository, Begin::row));
        parameters.addAll(List.of(limit, expiry.toSeconds(), limit));
        Map<UUID, RepositoryKey> made = new HashMap<>();
        transaction
                .all(
                        this.begins.text(
                                begins.getFirst().repository().guard(),
                                begins.getFirst().row()),
                        row -> Map.entry(row.getObject("id", UUID.class), ManifestStore.key(row)),
                        parameters.toArray())
                .forEach(entry -> made.put(entry.getKey(), entry.getValue()));
        return begins.stream()
                .map(begin -> Optional.ofNullable(made.get(begin.session().id().value()))
                        .map(key -> begin.session().in(key, Optional.empty())))
                .toList();
    }

    /**
     * Takes of each session the next epoch and its lease of 10 s, none on a finished one; empty where it is absent or held, or its
     * row is being written. All have guards of one text.
     */
    @AcrossTenants("each session is taken in its own repository, by its own guard")
    public List<Optional<UploadRow>> take(Transaction transaction, List<Take> takes) {
        List<Optional<UploadRow>> taken = new ArrayList<>(Collections.nCopies(takes.size(), Optional.empty()));
        transaction.all(
                this.takes.text(
                        takes.getFirst().repository().guard(), takes.getFirst().row()),
                row -> taken.set(row.getInt("place") - 1, Optional.of(UploadStore.row(row))),
                this.takes.arrays(takes, Take::repository, Take::row).toArray());
        return taken;
    }
}
