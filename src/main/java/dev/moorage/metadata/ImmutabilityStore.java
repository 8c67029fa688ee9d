package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.TagPattern;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The rules that keep tags on their manifests, as people make and lift them. */
@Singleton
public class ImmutabilityStore {

    // Every write in a repository shares its row to its end: these wait for the writes that have not seen the new rule.
    private static final String LOCK_REPOSITORY = """
            SELECT id
            FROM repository
            WHERE organization_id = ? AND id = ? AND deleted_at IS NULL
            FOR NO KEY UPDATE
            """;

    private static final String LOCK_REPOSITORIES = """
            SELECT id
            FROM repository
            WHERE organization_id = ? AND deleted_at IS NULL
            ORDER BY id
            FOR NO KEY UPDATE
            """;

    private static final String COUNT = """
            SELECT count(*)
            FROM immutability_rule
            WHERE organization_id = ? AND repository_id IS NOT DISTINCT FROM ?::bigint
            """;

    private static final String NEW_RULE = """
            INSERT INTO immutability_rule (organization_id, repository_id, tag_pattern)
            VALUES (?, ?::bigint, ?)
            ON CONFLICT (organization_id, repository_id, tag_pattern) DO NOTHING
            RETURNING id
            """;

    private static final String LIVE_RULES = """
            SELECT i.id, r.name, i.tag_pattern, i.created_at
            FROM immutability_rule i
            LEFT JOIN repository r ON r.organization_id = i.organization_id AND r.id = i.repository_id
            WHERE i.organization_id = ? AND (i.repository_id IS NULL OR r.deleted_at IS NULL)
            """;

    private static final String RULES_AFTER = LIVE_RULES + "AND i.id > ? ORDER BY i.id LIMIT ?";

    private static final String RULE = LIVE_RULES + "AND i.id = ?";

    // Those of one repository and those of the whole organization are two runs of an index, and few.
    private static final String RULES_ABOUT = """
            WITH about AS MATERIALIZED (
                SELECT i.id, NULL AS name, i.tag_pattern, i.created_at
                FROM immutability_rule i
                WHERE i.organization_id = ? AND i.repository_id IS NULL
                UNION ALL
                SELECT i.id, r.name, i.tag_pattern, i.created_at
                FROM immutability_rule i
                JOIN repository r ON r.organization_id = i.organization_id AND r.id = i.repository_id
                WHERE i.organization_id = ? AND i.repository_id = ?)
            SELECT *
            FROM about
            WHERE id > ?
            ORDER BY id
            LIMIT ?
            """;

    private static final String REMOVE = """
            DELETE FROM immutability_rule
            WHERE organization_id = ? AND id = ?
            """;

    private static final String REMOVE_FROM_REPOSITORY = """
            DELETE FROM immutability_rule
            WHERE organization_id = ? AND repository_id = ? AND id = ?
            """;

    /**
     * A rule.
     *
     * @param id its identity
     * @param repository the repository that it is about; empty for all of the organization
     * @param pattern which tags it keeps
     * @param createdAt when it was made, by the database's clock
     */
    public record Row(long id, Optional<RepositoryName> repository, TagPattern pattern, Instant createdAt) {}

    /** Waits until no transaction is under way that writes in the repository; later ones wait for this one's end. */
    public boolean lock(Transaction transaction, RepositoryKey repository) {
        return transaction
                .first(
                        LOCK_REPOSITORY,
                        _ -> true,
                        repository.organization().value(),
                        repository.repository().value())
                .isPresent();
    }

    /** Does the same for all repositories of an organization. */
    public void lock(Transaction transaction, OrganizationId organization) {
        transaction.all(LOCK_REPOSITORIES, _ -> true, organization.value());
    }

    /** How many rules there are about exactly this repository, or about all of the organization. */
    public long count(Transaction transaction, OrganizationId organization, Optional<RepositoryKey> repository) {
        return transaction
                .first(COUNT, row -> row.getLong(1), organization.value(), id(repository))
                .orElseThrow();
    }

    /** Makes a rule and answers its identity; empty where there is the same one already. */
    public Optional<Long> insert(
            Transaction transaction,
            OrganizationId organization,
            Optional<RepositoryKey> repository,
            TagPattern pattern) {
        return transaction.first(
                NEW_RULE, row -> row.getLong(1), organization.value(), id(repository), pattern.value());
    }

    /** The rule of this identity in the organization. */
    public Optional<Row> find(Transaction transaction, OrganizationId organization, long id) {
        return transaction.first(RULE, ImmutabilityStore::row, organization.value(), id);
    }

    /** Rules in the order of their identities, from behind {@code after}. */
    public List<Row> after(Transaction transaction, OrganizationId organization, long after, int limit) {
        return transaction.all(RULES_AFTER, ImmutabilityStore::row, organization.value(), after, limit);
    }

    /** Rules about a repository, its organization's too, in the order of their identities, from behind {@code after}. */
    public List<Row> about(Transaction transaction, RepositoryKey repository, long after, int limit) {
        return transaction.all(
                RULES_ABOUT,
                ImmutabilityStore::row,
                repository.organization().value(),
                repository.organization().value(),
                repository.repository().value(),
                after,
                limit);
    }

    /** Lifts a rule; false where there is none of this identity in the organization. */
    public boolean remove(Transaction transaction, OrganizationId organization, long id) {
        return transaction.change(REMOVE, organization.value(), id) == 1;
    }

    /** Lifts a rule about a repository; false where it has none of this identity. */
    public boolean remove(Transaction transaction, RepositoryKey repository, long id) {
        return transaction.change(
                        REMOVE_FROM_REPOSITORY,
                        repository.organization().value(),
                        repository.repository().value(),
                        id)
                == 1;
    }

    private static Optional<Long> id(Optional<RepositoryKey> repository) {
        return repository.map(key -> key.repository().value());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                Optional.ofNullable(row.getString(2)).map(RepositoryName::new),
                new TagPattern(row.getString(3)),
                row.getObject(4, OffsetDateTime.class).toInstant());
    }
}
