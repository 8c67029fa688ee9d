package dev.moorage.http.token;

import io.quarkus.oidc.OIDCException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;

/** Why a log-in by an OpenID provider failed, in words that the registry has chosen: nothing of a token, or of a browser's. */
final class OidcFailure {

    private static final int DEEPEST = 20;
    private static final Map<Integer, String> FAULTS = Map.ofEntries(
            Map.entry(ErrorCodes.EXPIRED, "it has expired"),
            Map.entry(ErrorCodes.EXPIRATION_MISSING, "it has no end"),
            Map.entry(ErrorCodes.NOT_YET_VALID, "it is not good yet"),
            Map.entry(ErrorCodes.ISSUER_INVALID, "it is of another issuer than moorage.access.oidc.issuer"),
            Map.entry(ErrorCodes.ISSUER_MISSING, "it has no issuer"),
            Map.entry(ErrorCodes.AUDIENCE_INVALID, "it is for another client than moorage.access.oidc.client-id"),
            Map.entry(ErrorCodes.AUDIENCE_MISSING, "it is for no client"),
            Map.entry(ErrorCodes.SUBJECT_MISSING, "it has no subject"),
            Map.entry(ErrorCodes.SIGNATURE_INVALID, "its signature is wrong"),
            Map.entry(ErrorCodes.SIGNATURE_MISSING, "it has no signature"));

    private OidcFailure() {}

    /** The first cause that has words. */
    static String words(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST)
                .flatMap(cause -> known(cause).stream())
                .findFirst()
                .orElse("it did not give what was asked for");
    }

    private static Optional<String> known(Throwable cause) {
        return switch (cause) {
            case InvalidJwtException invalid -> Optional.of("the id-token is wrong (" + faults(invalid) + ")");
            case ConnectException _,
                    UnknownHostException _,
                    TimeoutException _,
                    io.smallrye.mutiny.TimeoutException _ -> Optional.of("it does not answer");
            // What is behind it only the log of Quarkus would tell.
            case OIDCException _ -> Optional.of("it does not answer as an OpenID provider");
            default -> Optional.empty();
        };
    }

    private static String faults(InvalidJwtException invalid) {
        return invalid.getErrorDetails().stream()
                .map(detail -> FAULTS.getOrDefault(detail.getErrorCode(), "code " + detail.getErrorCode()))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
