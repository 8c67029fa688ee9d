package dev.moorage.name;

/**
 * Which repository a statement is about: the scope that every statement on a tenant's table carries.
 *
 * @param organization the tenant
 * @param repository the repository, one of the tenant's
 */
public record RepositoryKey(OrganizationId organization, RepositoryId repository) {}
