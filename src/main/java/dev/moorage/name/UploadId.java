package dev.moorage.name;

import java.util.Optional;
import java.util.UUID;

/**
 * The identity of an upload session (OCI distribution specification, "Pushing blobs": "a UUID representing a unique
 * session ID").
 *
 * @param value the UUID
 */
public record UploadId(UUID value) {

    private static final int TEXT_LENGTH = 36;

    /** Reads the canonical text form of 36 lower-case characters; empty for every other text. */
    public static Optional<UploadId> parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            return Optional.empty();
        }
        try {
            UUID uuid = UUID.fromString(text);
            return uuid.toString().equals(text) ? Optional.of(new UploadId(uuid)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
