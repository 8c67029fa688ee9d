package dev.moorage.metadata;

import dev.moorage.metadata.HistoryStore.Kind;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What happened, as people read it and undo it. */
@Singleton
public class EventStore {

    private static final String EVENTS = """
            SELECT e.id, e.reference, e.group_id, e.organization_id, e.repository_id, r.name, e.kind, e.tag, e.from_digest,
                e.to_digest, e.at, e.actor, e.client, e.why,
                (SELECT u.reference FROM event u WHERE u.id = e.undoes) AS undoes,
                (SELECT u.reference FROM event u WHERE u.undoes = e.id ORDER BY u.id DESC LIMIT 1) AS undone_by
            FROM event e
            LEFT JOIN repository r ON r.organization_id = e.organization_id AND r.id = e.repository_id
            WHERE e.organization_id = ?
            """;

    private static final String OF_REPOSITORY = EVENTS + "AND e.repository_id = ? ";

    // Behind an event of the same tenant, which is named by what the outside calls it.
    private static final String BEFORE = """
            AND e.id < coalesce(
                (SELECT b.id FROM event b WHERE b.organization_id = ? AND b.reference = ?::uuid), 9223372036854775807)
            ORDER BY e.id DESC
            LIMIT ?
            """;

    private static final String OF_GROUP = "AND e.group_id = ?::uuid ORDER BY e.id";

    private static final String OF_GROUP_BEFORE = EVENTS + """
            AND e.group_id = ?::uuid AND e.id < ? AND (?::bigint IS NULL OR e.repository_id = ?::bigint)
            ORDER BY e.id DESC
            LIMIT ?
            """;

    private static final String LEFT_OF_GROUP_BEFORE = EVENTS + """
            AND e.group_id = ?::uuid AND e.id < ? AND (?::bigint IS NULL OR e.repository_id = ?::bigint)
            AND NOT EXISTS (
                SELECT
                FROM event u
                WHERE u.organization_id = e.organization_id AND u.group_id = ?::uuid AND u.undoes = e.id)
            ORDER BY e.id DESC
            LIMIT ?
            """;

    private static final String MORE_OF_GROUP = """
            SELECT true
            FROM event e
            WHERE e.organization_id = ? AND e.group_id = ? AND (?::bigint IS NULL OR e.repository_id = ?::bigint)
            ORDER BY e.id
            OFFSET ?
            LIMIT 1
            """;

    private static final String GROUP = """
            SELECT e.group_id
            FROM event e
            WHERE e.organization_id = ? AND e.reference = ?::uuid
            """;

    private static final String GROUP_IN_REPOSITORY = GROUP + "AND e.repository_id = ?";

    private static final String TAGS_BEFORE = """
            SELECT DISTINCT ON (e.tag) e.tag, e.from_digest,
                CASE WHEN count(*) OVER (PARTITION BY e.tag) = 1 THEN e.id END AS only
            FROM event e
            WHERE e.organization_id = ? AND e.repository_id = ? AND e.tag IS NOT NULL AND e.at > ?
            ORDER BY e.tag, e.id
            LIMIT ?
            """;

    private static final String TOUCHED_SINCE = """
            SELECT r.id, r.name
            FROM repository r
            WHERE r.organization_id = ? AND r.deleted_at IS NULL
                AND r.id = ANY (ARRAY(
                    SELECT e.repository_id
                    FROM event e
                    WHERE e.organization_id = ? AND e.tag IS NOT NULL AND e.at > ?))
            ORDER BY r.id
            """;

    /**
     * A tag at a time before its moves.
     *
     * @param named what it named then; empty where it was not there
     * @param only the id of the event, where it was moved once since
     */
    public record Before(Optional<Digest> named, Optional<Long> only) {}

    /** A repository in which something happened. */
    public record Touched(RepositoryKey key, RepositoryName name) {}

    /**
     * An event.
     *
     * @param id its place in the order of all, which stays inside
     * @param reference what the outside calls it
     * @param group the same for everything that one request did
     * @param repository where; empty for an event of the organization as a whole
     * @param name the repository's
     * @param kind what happened
     * @param tag to which tag
     * @param from the digest before
     * @param to the digest after
     * @param at when, by the database's clock
     * @param actor who did it
     * @param client by what
     * @param why the reason that he gave
     * @param undoes what it undid
     * @param undoneBy what undid it last
     */
    public record Row(
            long id,
            UUID reference,
            UUID group,
            Optional<RepositoryKey> repository,
            Optional<RepositoryName> name,
            Kind kind,
            Optional<Tag> tag,
            Optional<Digest> from,
            Optional<Digest> to,
            Instant at,
            String actor,
            String client,
            Optional<String> why,
            Optional<UUID> undoes,
            Optional<UUID> undoneBy) {}

    /** Events of a repository, the newest first, from behind one. */
    public List<Row> before(Transaction transaction, RepositoryKey repository, Optional<UUID> after, int limit) {
        long organization = repository.organization().value();
        return transaction.all(
                OF_REPOSITORY + BEFORE,
                EventStore::row,
                organization,
                repository.repository().value(),
                organization,
                after,
                limit);
    }

    /** Events of an organization, its repositories' too, as those of a repository. */
    public List<Row> before(Transaction transaction, OrganizationId organization, Optional<UUID> after, int limit) {
        return transaction.all(
                EVENTS + BEFORE, EventStore::row, organization.value(), organization.value(), after, limit);
    }

    /** The group of an event of this repository. */
    public Optional<UUID> groupOf(Transaction transaction, RepositoryKey repository, UUID reference) {
        return transaction.first(
                GROUP_IN_REPOSITORY,
                row -> row.getObject(1, UUID.class),
                repository.organization().value(),
                reference,
                repository.repository().value());
    }

    /** The group of an event of this organization. */
    public Optional<UUID> groupOf(Transaction transaction, OrganizationId organization, UUID reference) {
        return transaction.first(GROUP, row -> row.getObject(1, UUID.class), organization.value(), reference);
    }

    /** What one request did in a repository, in the order in which it happened. */
    public List<Row> ofGroup(Transaction transaction, RepositoryKey repository, UUID group) {
        return transaction.all(
                OF_REPOSITORY + OF_GROUP,
                EventStore::row,
                repository.organization().value(),
                repository.repository().value(),
                group);
    }

    /** What one request did in an organization, in the order in which it happened. */
    public List<Row> ofGroup(Transaction transaction, OrganizationId organization, UUID group) {
        return transaction.all(EVENTS + OF_GROUP, EventStore::row, organization.value(), group);
    }

    /**
     * What one request did in an organization, the last first, from behind an event.
     *
     * @param only in this repository only; empty for all
     */
    public List<Row> ofGroupBefore(
            Transaction transaction,
            OrganizationId organization,
            Optional<RepositoryId> only,
            UUID group,
            long before,
            int limit) {
        Optional<Long> repository = only.map(RepositoryId::value);
        return transaction.all(
                OF_GROUP_BEFORE, EventStore::row, organization.value(), group, before, repository, repository, limit);
    }

    /** As {@link #ofGroupBefore}, without those of which the request of another group has done the opposite. */
    public List<Row> leftOfGroupBefore(
            Transaction transaction,
            OrganizationId organization,
            Optional<RepositoryId> only,
            UUID undone,
            UUID by,
            long before,
            int limit) {
        Optional<Long> repository = only.map(RepositoryId::value);
        return transaction.all(
                LEFT_OF_GROUP_BEFORE,
                EventStore::row,
                organization.value(),
                undone,
                before,
                repository,
                repository,
                by,
                limit);
    }

    /** Whether one request did more things than so many. */
    public boolean moreOfGroup(
            Transaction transaction, OrganizationId organization, Optional<RepositoryId> only, UUID group, int than) {
        Optional<Long> repository = only.map(RepositoryId::value);
        return transaction
                .first(MORE_OF_GROUP, _ -> true, organization.value(), group, repository, repository, than)
                .isPresent();
    }

    /** Which manifests, if any, those tags named at a time that were made, moved or removed since. */
    public Map<Tag, Before> tagsBefore(Transaction transaction, RepositoryKey repository, Instant at, int limit) {
        Map<Tag, Before> named = new HashMap<>();
        transaction
                .all(
                        TAGS_BEFORE,
                        row -> Map.entry(
                                new Tag(row.getString("tag")),
                                new Before(
                                        text(row, "from_digest").flatMap(Digest::parse),
                                        Optional.ofNullable(row.getObject("only", Long.class)))),
                        repository.organization().value(),
                        repository.repository().value(),
                        at.atOffset(ZoneOffset.UTC),
                        limit)
                .forEach(entry -> named.put(entry.getKey(), entry.getValue()));
        return named;
    }

    /** The repositories of an organization that are there and in which tags moved since a time, in the order of ids. */
    public List<Touched> touchedSince(Transaction transaction, OrganizationId organization, Instant at) {
        return transaction.all(
                TOUCHED_SINCE,
                row -> new Touched(
                        new RepositoryKey(organization, new RepositoryId(row.getLong(1))),
                        new RepositoryName(row.getString(2))),
                organization.value(),
                organization.value(),
                at.atOffset(ZoneOffset.UTC));
    }

    private static Row row(ResultSet row) throws SQLException {
        OrganizationId organization = new OrganizationId(row.getLong("organization_id"));
        return new Row(
                row.getLong("id"),
                row.getObject("reference", UUID.class),
                row.getObject("group_id", UUID.class),
                Optional.ofNullable(row.getObject("repository_id", Long.class))
                        .map(id -> new RepositoryKey(organization, new RepositoryId(id))),
                text(row, "name").map(RepositoryName::new),
                Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                text(row, "tag").map(Tag::new),
                text(row, "from_digest").flatMap(Digest::parse),
                text(row, "to_digest").flatMap(Digest::parse),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("client"),
                text(row, "why"),
                Optional.ofNullable(row.getObject("undoes", UUID.class)),
                Optional.ofNullable(row.getObject("undone_by", UUID.class)));
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }
}
