package dev.moorage.administration;

import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;

/** What a retention policy is for, as a caller names it. */
public sealed interface RetentionTarget {

    /** All repositories of an organization that have no policy of their own. */
    record OfOrganization(OrganizationName name) implements RetentionTarget {}

    /** One repository. */
    record OfRepository(RepositoryName name) implements RetentionTarget {}
}
