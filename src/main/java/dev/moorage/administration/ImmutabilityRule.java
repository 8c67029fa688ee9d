package dev.moorage.administration;

import dev.moorage.metadata.ImmutabilityStore;
import dev.moorage.name.RepositoryName;
import java.time.Instant;
import java.util.Optional;

/**
 * A rule that keeps tags on their manifests, as the management API shows it.
 *
 * @param id its number
 * @param repository the repository that it is about; empty for all of the organization
 * @param pattern which tags it keeps: {@code *} stands for any text, {@code ?} for one character
 */
public record ImmutabilityRule(long id, Optional<String> repository, String pattern, Instant createdAt) {

    static ImmutabilityRule of(ImmutabilityStore.Row row) {
        return new ImmutabilityRule(
                row.id(),
                row.repository().map(RepositoryName::value),
                row.pattern().value(),
                row.createdAt());
    }
}
