package dev.moorage.administration;

import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;

/** What a retention policy is for, as a caller names it. */
public sealed interface RetentionTarget {

    /** What is done to the policy, as the audit trail calls it. */
    default AuditSubject subject(AuditAction action) {
        return switch (this) {
            case OfOrganization(var name) -> AuditSubject.of(action, name);
            case OfRepository(var name) -> AuditSubject.of(action, name);
        };
    }

    /** All repositories of an organization that have no policy of their own. */
    record OfOrganization(OrganizationName name) implements RetentionTarget {}

    /** One repository. */
    record OfRepository(RepositoryName name) implements RetentionTarget {}
}
