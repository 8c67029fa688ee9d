package dev.moorage.http;

import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.name.RepositoryName;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Optional;

/** The repository that a path names before {@code /-/}. */
public final class RepositoryInPath {

    static final String PROPERTY = "moorage.path.repository";

    private RepositoryInPath() {}

    /** The repository; 404 where the path names none. */
    public static RepositoryName of(ContainerRequestContext context) {
        return find(context).orElseThrow(() -> new NotFound("repository", ""));
    }

    /** The repository, where the path names one. */
    public static Optional<RepositoryName> find(ContainerRequestContext context) {
        return Optional.ofNullable((RepositoryName) context.getProperty(PROPERTY));
    }
}
