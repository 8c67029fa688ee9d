package dev.moorage.name;

import java.util.Optional;

/**
 * What somebody is about to do, as the audit trail names it whether it is done or denied.
 *
 * @param action what
 * @param organization in which organization; empty for what belongs to none
 * @param target to what, by its name
 */
public record AuditSubject(AuditAction action, Optional<OrganizationName> organization, String target) {

    /** Something that belongs to no organization. */
    public static AuditSubject of(AuditAction action, String target) {
        return new AuditSubject(action, Optional.empty(), target);
    }

    /** Something in an organization. */
    public static AuditSubject of(AuditAction action, OrganizationName organization, String target) {
        return new AuditSubject(action, Optional.of(organization), target);
    }

    /** An organization as a whole. */
    public static AuditSubject of(AuditAction action, OrganizationName organization) {
        return of(action, organization, organization.value());
    }

    /** A repository. */
    public static AuditSubject of(AuditAction action, RepositoryName repository) {
        return of(action, repository.organization(), repository.value());
    }
}
