package dev.moorage.administration;

/**
 * What somebody may do in an organization, so that he is offered what he may; the use cases decide for themselves.
 *
 * @param administrator whether he administers the registry
 * @param owner whether he decides about all of the organization
 * @param partOwner whether he decides about a part of it at least
 * @param pushes whether he may push to a part of it at least
 * @param reader whether he may pull all of it
 */
public record Rights(boolean administrator, boolean owner, boolean partOwner, boolean pushes, boolean reader) {}
