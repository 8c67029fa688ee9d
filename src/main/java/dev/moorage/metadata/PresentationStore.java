package dev.moorage.metadata;

import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;
import java.util.Optional;

/** How repositories present themselves to people. */
@Singleton
public class PresentationStore {

    private static final String README = """
            SELECT readme
            FROM repository_presentation
            WHERE organization_id = ? AND repository_id = ?
            """;

    private static final String SET_README = """
            INSERT INTO repository_presentation (organization_id, repository_id, readme)
            VALUES (?, ?, ?)
            ON CONFLICT (organization_id, repository_id) DO UPDATE SET readme = excluded.readme
            """;

    private static final String ICON = """
            SELECT icon_type, icon
            FROM repository_presentation
            WHERE organization_id = ? AND repository_id = ? AND icon IS NOT NULL
            """;

    private static final String SET_ICON = """
            INSERT INTO repository_presentation (organization_id, repository_id, icon_type, icon)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (organization_id, repository_id)
            DO UPDATE SET icon_type = excluded.icon_type, icon = excluded.icon
            """;

    private static final String REMOVE_ICON = """
            UPDATE repository_presentation
            SET icon_type = NULL, icon = NULL
            WHERE organization_id = ? AND repository_id = ? AND icon IS NOT NULL
            """;

    /** A picture, and the media type that it is served with. */
    @SuppressWarnings("ArrayRecordComponent") // The bytes go from the database to the client and nobody compares them.
    public record Icon(String mediaType, byte[] bytes) {}

    /** What a repository says of itself at length; empty where it says nothing. */
    public String readme(Transaction transaction, RepositoryKey repository) {
        return transaction
                .first(
                        README,
                        row -> row.getString(1),
                        repository.organization().value(),
                        repository.repository().value())
                .orElse("");
    }

    /** Says something else of it. */
    public void setReadme(Transaction transaction, RepositoryKey repository, String readme) {
        transaction.change(
                SET_README,
                repository.organization().value(),
                repository.repository().value(),
                readme);
    }

    /** The picture of a repository. */
    public Optional<Icon> icon(Transaction transaction, RepositoryKey repository) {
        return transaction.first(
                ICON,
                row -> new Icon(row.getString(1), row.getBytes(2)),
                repository.organization().value(),
                repository.repository().value());
    }

    /** Gives a repository a picture, in the place of the one that it may have. */
    public void setIcon(Transaction transaction, RepositoryKey repository, Icon icon) {
        transaction.change(
                SET_ICON,
                repository.organization().value(),
                repository.repository().value(),
                icon.mediaType(),
                icon.bytes());
    }

    /** Takes the picture of a repository away; answers whether there was one. */
    public boolean removeIcon(Transaction transaction, RepositoryKey repository) {
        return transaction.change(
                        REMOVE_ICON,
                        repository.organization().value(),
                        repository.repository().value())
                > 0;
    }
}
