package dev.moorage.access;

import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.name.RepositoryName;
import java.util.Optional;

/**
 * What the registry answers to whom it does not let do something (RFC 6750, section 3; Docker token specification).
 *
 * <p>It depends on what was asked only, never on what there is.
 *
 * @param realm where tokens are given
 * @param service what the registry calls itself
 * @param scope what a token would have to be for; empty for none
 */
public record Challenge(String realm, String service, String scope) {

    /** Why a credential does not do. */
    enum Fault {
        /** It is no token of this registry, or is one no more. */
        INVALID_TOKEN("invalid_token"),
        /** It is not for this. */
        INSUFFICIENT_SCOPE("insufficient_scope");

        private final String text;

        Fault(String text) {
            this.text = text;
        }
    }

    /** A challenge to do something to a repository. */
    Challenge forRepository(RepositoryName repository, Action action) {
        String actions =
                switch (action) {
                    case PULL -> "pull";
                    case PUSH -> "pull,push";
                    case DELETE, ADMINISTER -> "delete";
                };
        return new Challenge(realm, service, "repository:" + repository + ':' + actions);
    }

    /** A challenge to list repositories. */
    Challenge forCatalog() {
        return new Challenge(realm, service, "registry:catalog:*");
    }

    /** The refusal of a request that showed nothing. */
    Unauthorized refusal() {
        return new Unauthorized(header(Optional.empty()));
    }

    /** The refusal of a request that showed something. */
    Unauthorized refusal(Fault fault) {
        return new Unauthorized(header(Optional.of(fault)));
    }

    private String header(Optional<Fault> fault) {
        StringBuilder header = new StringBuilder("Bearer realm=\"")
                .append(realm)
                .append("\",service=\"")
                .append(service)
                .append('"');
        if (!scope.isEmpty()) {
            header.append(",scope=\"").append(scope).append('"');
        }
        fault.ifPresent(why -> header.append(",error=\"").append(why.text).append('"'));
        return header.toString();
    }
}
