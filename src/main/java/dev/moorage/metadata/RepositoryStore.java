package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Organizations and repositories, found and made by name. */
@ApplicationScoped
public class RepositoryStore {

    private static final String LIVE_REPOSITORY = """
            SELECT organization_id, id, listed_at IS NOT NULL
            FROM repository
            WHERE name = ? AND deleted_at IS NULL
            """;

    // A writer shares the row, so that a deletion waits for it and it sees the deletion.
    private static final String LIVE_REPOSITORY_SHARED = LIVE_REPOSITORY + "FOR SHARE";

    private static final String REPOSITORY_STILL_LIVES = """
            SELECT true
            FROM repository
            WHERE organization_id = ? AND id = ? AND deleted_at IS NULL
            FOR SHARE
            """;

    private static final String LIST = """
            UPDATE repository
            SET listed_at = coalesce(listed_at, now())
            WHERE organization_id = ? AND id = ? AND deleted_at IS NULL
            """;

    private static final String LIVE_ORGANIZATION = """
            SELECT id
            FROM organization
            WHERE name = ? AND deleted_at IS NULL
            """;

    private static final String NEW_ORGANIZATION = """
            INSERT INTO organization (name)
            VALUES (?)
            ON CONFLICT (name) WHERE deleted_at IS NULL DO NOTHING
            """;

    private static final String NEW_REPOSITORY = """
            INSERT INTO repository (organization_id, name, visibility)
            SELECT id, ?, default_visibility
            FROM organization
            WHERE name = ? AND deleted_at IS NULL
            ON CONFLICT (name) WHERE deleted_at IS NULL DO NOTHING
            """;

    private static final String CATALOG_AFTER = """
            SELECT name
            FROM repository
            WHERE deleted_at IS NULL AND listed_at IS NOT NULL AND name > ?
            ORDER BY name
            LIMIT ?
            """;

    /**
     * A repository that is not deleted.
     *
     * @param key its identity
     * @param listed whether the catalog lists it
     */
    public record Live(RepositoryKey key, boolean listed) {}

    /** The live repository of this name. */
    public Optional<Live> find(Transaction transaction, RepositoryName name) {
        return transaction.first(LIVE_REPOSITORY, row -> new Live(key(row), row.getBoolean(3)), name.value());
    }

    /** The live repository of this name, kept from being deleted until the transaction ends. */
    public Optional<RepositoryKey> share(Transaction transaction, RepositoryName name) {
        return transaction.first(LIVE_REPOSITORY_SHARED, RepositoryStore::key, name.value());
    }

    /** Whether the repository lives; it is kept from being deleted until the transaction ends. */
    public boolean stillLives(Transaction transaction, RepositoryKey repository) {
        return transaction
                .first(
                        REPOSITORY_STILL_LIVES,
                        row -> true,
                        repository.organization().value(),
                        repository.repository().value())
                .isPresent();
    }

    /** Whether an organization of this name lives. */
    public boolean organizationLives(Transaction transaction, OrganizationName name) {
        return transaction.first(LIVE_ORGANIZATION, row -> true, name.value()).isPresent();
    }

    /** Makes the organization unless it lives already; a lost race is a success. */
    public void createOrganization(Transaction transaction, OrganizationName name) {
        transaction.change(NEW_ORGANIZATION, name.value());
    }

    /** Makes the repository in its organization, which must live; a lost race is a success. */
    public void create(Transaction transaction, RepositoryName name) {
        transaction.change(NEW_REPOSITORY, name.value(), name.organization().value());
    }

    /**
     * Puts the repository into the catalog, if it still lives, and keeps it from being deleted until the transaction ends.
     *
     * <p>It comes instead of {@link #stillLives}, never after it: two first pushers that shared the row could not both
     * update it.
     */
    public boolean list(Transaction transaction, RepositoryKey repository) {
        return transaction.change(
                        LIST,
                        repository.organization().value(),
                        repository.repository().value())
                == 1;
    }

    /** Names of repositories that hold or held a manifest, in byte order, from behind {@code after}. */
    @AcrossTenants("the catalog of the open mode, where everybody may pull everything")
    public List<String> catalog(Transaction transaction, String after, int limit) {
        return transaction.all(CATALOG_AFTER, row -> row.getString(1), after, limit);
    }

    private static RepositoryKey key(ResultSet row) throws SQLException {
        return new RepositoryKey(new OrganizationId(row.getLong(1)), new RepositoryId(row.getLong(2)));
    }
}
