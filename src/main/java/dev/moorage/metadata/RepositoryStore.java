package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Visibility;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Organizations and repositories, found and made by name. */
@Singleton
public class RepositoryStore {

    private static final String LIVE_REPOSITORY = """
            SELECT r.organization_id, r.id, r.listed_at IS NOT NULL
            FROM repository r
            WHERE r.name = ? AND r.deleted_at IS NULL
            """;

    // What a writer has to know of the organization comes with the repository, at the cost of no statement. All its
    // webhooks are
    // asked, and not whether there is one: for a first one the planner would rather read the whole table.
    private static final String KEPT = """
            r.organization_id, r.id, (SELECT o.quota_bytes FROM organization o WHERE o.id = r.organization_id),
            coalesce((
                SELECT bool_or('manifest_pushed' = ANY (w.kinds))
                FROM webhook w
                WHERE w.organization_id = r.organization_id AND w.enabled AND w.deleted_at IS NULL), false)
            """;

    private static final String LIVE_REPOSITORY_TO_WRITE = "SELECT " + KEPT + """
            FROM repository r
            WHERE r.name = ? AND r.deleted_at IS NULL
            """;

    private static final String LISTED_REPOSITORY_TO_WRITE = LIVE_REPOSITORY_TO_WRITE + "AND r.listed_at IS NOT NULL";

    // A writer shares the row, so that a deletion waits for it and it sees the deletion.
    private static final String SHARED = " FOR SHARE OF r";

    // The time comes with it, so that what is found absent is absent at that time.
    private static final String LOOK = """
            SELECT asked.name, o.id, r.id, r.visibility, floor(extract(epoch FROM now()))::bigint
            FROM (VALUES (1)) one (n)
            LEFT JOIN unnest(?::text[]) WITH ORDINALITY AS asked (name, place) ON true
            LEFT JOIN organization o ON o.name = split_part(asked.name, '/', 1) AND o.deleted_at IS NULL
            LEFT JOIN repository r ON r.name = asked.name AND r.deleted_at IS NULL %s
            ORDER BY asked.place
            """.formatted(Columns.IN_LIVE_ORGANIZATION);

    private static final String REPOSITORY_STILL_LIVES = "SELECT " + KEPT + """
            FROM repository r
            WHERE r.organization_id = ? AND r.id = ? AND r.deleted_at IS NULL
            """ + Columns.IN_LIVE_ORGANIZATION + SHARED;

    private static final String LIST = """
            UPDATE repository r
            SET listed_at = coalesce(listed_at, now())
            WHERE r.organization_id = ? AND r.id = ? AND r.deleted_at IS NULL
            """ + Columns.IN_LIVE_ORGANIZATION + " RETURNING " + KEPT;

    private static final String NEW_ORGANIZATION = """
            INSERT INTO organization (name)
            VALUES (?)
            ON CONFLICT (name) WHERE deleted_at IS NULL DO NOTHING
            """;

    // Sharing the organization's key: who deletes it waits, and who waited for that finds it gone.
    private static final String NEW_REPOSITORY = """
            INSERT INTO repository (organization_id, name, visibility)
            SELECT id, ?, default_visibility
            FROM organization
            WHERE name = ? AND deleted_at IS NULL
            FOR KEY SHARE
            ON CONFLICT (name) WHERE deleted_at IS NULL DO NOTHING
            """;

    private static final String CATALOG_AFTER = """
            SELECT r.name
            FROM repository r
            WHERE r.deleted_at IS NULL AND r.listed_at IS NOT NULL AND r.name > ? %s
            ORDER BY r.name
            LIMIT ?
            """.formatted(Columns.EACH_IN_LIVE_ORGANIZATION);

    // Each prefix is one run of the index, and each run is cut at the page's size.
    private static final String CATALOG_WITHIN = """
            SELECT name
            FROM (
                SELECT run.name
                FROM unnest(?::text[]) AS prefix (value)
                CROSS JOIN LATERAL (
                    (SELECT r.name
                    FROM repository r
                    WHERE r.deleted_at IS NULL AND r.listed_at IS NOT NULL AND r.name = prefix.value AND r.name > ?
                        %1$s)
                    UNION ALL
                    (SELECT r.name
                    FROM repository r
                    WHERE r.deleted_at IS NULL AND r.listed_at IS NOT NULL
                        AND r.name > greatest((prefix.value || '/') COLLATE "C", ?) AND r.name < prefix.value || '0'
                        %1$s
                    ORDER BY r.name
                    LIMIT ?)) run
                UNION
                (SELECT r.name
                FROM repository r
                WHERE r.visibility = 'public' AND r.deleted_at IS NULL AND r.listed_at IS NOT NULL AND r.name > ?
                    %1$s
                ORDER BY r.name
                LIMIT ?)) seen
            ORDER BY name
            LIMIT ?
            """.formatted(Columns.EACH_IN_LIVE_ORGANIZATION);

    /**
     * What has become of a repository and of a grant on it.
     *
     * @param holder whether the holder's rights are still those that the grant was made from
     * @param present whether there is a live repository of the name
     * @param same whether it is the one that the grant is for
     */
    public record State(boolean holder, boolean present, boolean same) {}

    /**
     * A name that somebody asked about.
     *
     * @param name the name
     * @param organization the organization that it lies in, where that lives
     * @param key the repository, where there is one
     * @param visibility the repository's, where there is one
     */
    public record Look(
            RepositoryName name,
            Optional<OrganizationId> organization,
            Optional<RepositoryKey> key,
            Optional<Visibility> visibility) {}

    /**
     * What was found of several names at one moment.
     *
     * @param epochSecond when, by the database's clock
     * @param names one entry a name
     */
    public record Looked(long epochSecond, List<Look> names) {

        /** Keeps its own copy. */
        public Looked {
            names = List.copyOf(names);
        }
    }

    /**
     * A repository that is not deleted.
     *
     * @param key its identity
     * @param listed whether the catalog lists it
     */
    public record Live(RepositoryKey key, boolean listed) {}

    /**
     * A repository that a writer keeps from being deleted until its transaction ends.
     *
     * @param key its identity
     * @param quotaBytes how many bytes its organization may keep; empty for no limit
     * @param watched whether a webhook wants to be told of manifests that come to the organization
     */
    public record Kept(RepositoryKey key, Optional<Long> quotaBytes, boolean watched) {}

    /** The live repository of this name. */
    public Optional<Live> find(Transaction transaction, RepositoryScope scope) {
        return transaction.first(
                scope.guard().guarded(LIVE_REPOSITORY),
                row -> new Live(key(row), row.getBoolean(3)),
                scope.guard().parameters(scope.name().value()));
    }

    /** The live repository of this name, kept from being deleted until the transaction ends. */
    public Optional<Kept> share(Transaction transaction, RepositoryScope scope) {
        return transaction.first(
                scope.guard().guarded(LIVE_REPOSITORY_TO_WRITE, SHARED),
                RepositoryStore::kept,
                scope.guard().parameters(scope.name().value()));
    }

    /** The same, as long as the catalog lists it; empty also where the caller has to {@link #list} it first. */
    public Optional<Kept> shareListed(Transaction transaction, RepositoryScope scope) {
        return transaction.first(
                scope.guard().guarded(LISTED_REPOSITORY_TO_WRITE, SHARED),
                RepositoryStore::kept,
                scope.guard().parameters(scope.name().value()));
    }

    /** What has become of the repository and of the grant on it: why a statement with the guard found nothing. */
    public State state(Transaction transaction, RepositoryScope scope) {
        return transaction.first(toState(scope)).orElseThrow();
    }

    static Question<State> toState(RepositoryScope scope) {
        Guard guard = scope.guard();
        List<Object> parameters = new ArrayList<>(guard.holderParameters());
        parameters.addAll(guard.repositoryParameters());
        parameters.add(scope.name().value());
        String state =
                """
            SELECT %s, r.id IS NOT NULL, coalesce(%s, false)
            FROM (VALUES (1)) one (n)
            LEFT JOIN repository r ON r.name = ? AND r.deleted_at IS NULL %s
            """.formatted(guard.holderCondition(), guard.repositoryCondition(), Columns.IN_LIVE_ORGANIZATION);
        return new Question<>(
                state, row -> new State(row.getBoolean(1), row.getBoolean(2), row.getBoolean(3)), parameters.toArray());
    }

    /** What is there of these names, absent or not, in one statement. */
    @AcrossTenants("a request for a token may name repositories of several organizations")
    public Looked look(Transaction transaction, Collection<RepositoryName> names) {
        List<Look> found = new ArrayList<>();
        long[] second = {0};
        transaction
                .all(
                        LOOK,
                        row -> {
                            second[0] = row.getLong(5);
                            return look(row);
                        },
                        new TextArray(names.stream().map(RepositoryName::value).toList()))
                .forEach(look -> look.ifPresent(found::add));
        return new Looked(second[0], found);
    }

    private static Optional<Look> look(ResultSet row) throws SQLException {
        String name = row.getString(1);
        if (name == null) {
            return Optional.empty();
        }
        Optional<OrganizationId> organization =
                Optional.ofNullable(row.getObject(2, Long.class)).map(OrganizationId::new);
        Optional<RepositoryId> repository =
                Optional.ofNullable(row.getObject(3, Long.class)).map(RepositoryId::new);
        return Optional.of(new Look(
                new RepositoryName(name),
                organization,
                organization.flatMap(owner -> repository.map(id -> new RepositoryKey(owner, id))),
                Optional.ofNullable(row.getString(4)).flatMap(Visibility::parse)));
    }

    /** The repository, if it lives; it is kept from being deleted until the transaction ends. */
    public Optional<Kept> keep(Transaction transaction, RepositoryKey repository) {
        return transaction.first(
                REPOSITORY_STILL_LIVES,
                RepositoryStore::kept,
                repository.organization().value(),
                repository.repository().value());
    }

    /** Makes the organization unless it lives already, and answers whether this did; a lost race is a success. */
    public boolean createOrganization(Transaction transaction, OrganizationName name) {
        return transaction.change(NEW_ORGANIZATION, name.value()) == 1;
    }

    /** Makes the repository in its organization, which must live; false where another request has made it. */
    public boolean create(Transaction transaction, RepositoryName name) {
        return transaction.change(
                        NEW_REPOSITORY, name.value(), name.organization().value())
                > 0;
    }

    /**
     * Puts the repository into the catalog, if it still lives, and keeps it from being deleted until the transaction ends.
     *
     * <p>It comes instead of {@link #keep}, never after it: two first pushers that shared the row could not both
     * update it.
     */
    public Optional<Kept> list(Transaction transaction, RepositoryKey repository) {
        return transaction.first(
                LIST,
                RepositoryStore::kept,
                repository.organization().value(),
                repository.repository().value());
    }

    /** Names of repositories that hold or held a manifest, in byte order, from behind {@code after}. */
    @AcrossTenants("the catalog of those who may pull everything")
    public List<String> catalog(Transaction transaction, String after, int limit) {
        return transaction.all(CATALOG_AFTER, row -> row.getString(1), after, limit);
    }

    /**
     * Names of public repositories and of those that lie within some prefixes, as {@link #catalog}.
     *
     * @param prefixes none of them within another one
     */
    @AcrossTenants("the catalog holds what the caller may pull, in whatever organization")
    public List<String> catalog(
            Transaction transaction, Collection<RepositoryPrefix> prefixes, String after, int limit) {
        TextArray within =
                new TextArray(prefixes.stream().map(RepositoryPrefix::value).toList());
        return transaction.all(
                CATALOG_WITHIN, row -> row.getString(1), within, after, after, limit, after, limit, limit);
    }

    private static RepositoryKey key(ResultSet row) throws SQLException {
        return new RepositoryKey(new OrganizationId(row.getLong(1)), new RepositoryId(row.getLong(2)));
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(key(row), Optional.ofNullable(row.getObject(3, Long.class)), row.getBoolean(4));
    }
}
