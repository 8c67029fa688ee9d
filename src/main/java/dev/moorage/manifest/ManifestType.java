package dev.moorage.manifest;

import dev.moorage.error.RegistryException.ManifestInvalid;
import dev.moorage.name.MediaType;
import java.util.Optional;
import java.util.Set;

/**
 * The one media type of a manifest, out of what the request and the manifest say of it.
 *
 * <p>OCI distribution specification, "Pushing Manifests": where a manifest has the field {@code mediaType}, the
 * Content-Type is the same. A manifest that two clients could take for different things is refused (CVE-2021-41190).
 */
final class ManifestType {

    private static final String FIELD = "/mediaType";
    private static final String SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+";

    /** What programs send that do not know what they send. */
    private static final Set<String> GENERIC =
            Set.of("application/json", "application/octet-stream", "application/x-www-form-urlencoded");

    private ManifestType() {}

    /**
     * Decides the type.
     *
     * @throws ManifestInvalid where nothing says the type, the two disagree, or the type is not accepted
     */
    static MediaType decide(Optional<MediaType> contentType, Optional<String> field) {
        Optional<String> header = contentType.map(MediaType::value).filter(type -> !GENERIC.contains(type));
        if (header.isPresent() && field.isPresent() && !header.equals(field)) {
            throw Refusal.at(FIELD, "Content-Type and the field mediaType differ", field.orElseThrow());
        }
        String type = header.or(() -> field)
                .orElseThrow(() ->
                        Refusal.at(FIELD, "neither Content-Type nor the field mediaType says what the manifest is"));
        MediaType accepted = accept(type);
        if (field.isEmpty() && !mayLackField(accepted)) {
            throw Refusal.at(FIELD, "a manifest of this type has the field mediaType", type);
        }
        return accepted;
    }

    private static MediaType accept(String type) {
        if (type.startsWith(SCHEMA_1)) {
            throw Refusal.at(FIELD, "manifests of schema 1 are not accepted", type);
        }
        return MediaType.parse(type)
                .filter(known -> ManifestKind.of(known).isPresent())
                .orElseThrow(() -> Refusal.at(FIELD, "manifests of this type are not accepted", type));
    }

    private static boolean mayLackField(MediaType type) {
        return type.equals(MediaType.OCI_MANIFEST) || type.equals(MediaType.OCI_INDEX);
    }
}
