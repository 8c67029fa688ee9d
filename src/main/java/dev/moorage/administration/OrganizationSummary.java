package dev.moorage.administration;

import dev.moorage.metadata.OrganizationSummaryStore;
import dev.moorage.name.Quota;
import java.util.Optional;

/**
 * An organization with what it uses.
 *
 * @param organization the organization
 * @param use what it uses; empty for whoever may not pull all of it
 */
public record OrganizationSummary(Organization organization, Optional<Use> use) {

    /**
     * What an organization uses.
     *
     * @param repositories how many repositories it has; as many as are counted where there are more
     * @param more whether it has more repositories than are counted
     * @param bytes what counts against the quota
     */
    public record Use(Quota quota, int repositories, boolean more, long bytes) {

        static Use of(OrganizationSummaryStore.Use use) {
            return new Use(
                    use.quota(),
                    Math.min(use.repositories(), OrganizationSummaryStore.MOST_REPOSITORIES),
                    use.repositories() > OrganizationSummaryStore.MOST_REPOSITORIES,
                    use.bytes());
        }
    }
}
