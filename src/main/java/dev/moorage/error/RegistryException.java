package dev.moorage.error;

import dev.moorage.name.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request that is refused: what the client gets is in here whole, and one mapper writes it.
 *
 * <p>Codes and statuses follow the OCI distribution specification, "Error Codes" and "Endpoints".
 */
public abstract sealed class RegistryException extends RuntimeException {

    /** How many entries one error body holds at most. */
    public static final int MAX_ENTRIES = 100;

    private static final long serialVersionUID = 1L;

    private final transient Map<String, Object> detail;

    private RegistryException(String message, Map<String, Object> detail) {
        super(message, null, false, false);
        this.detail = Map.copyOf(detail);
    }

    /** The specification's code. */
    public abstract ErrorCode code();

    /** The HTTP status. */
    public abstract int status();

    /** What a person needs in order to act. */
    public final Map<String, Object> detail() {
        return detail;
    }

    /** The entries of the body; one, unless a class says otherwise. */
    public List<ErrorBody.Entry> entries() {
        return List.of(ErrorBody.Entry.of(code(), detail));
    }

    /** Headers that belong to the answer. */
    public Map<String, String> headers() {
        return Map.of();
    }

    /** No such blob in the repository. */
    public static final class BlobUnknown extends RegistryException {
        private static final long serialVersionUID = 1L;

        public BlobUnknown(Digest digest) {
            super("blob unknown", Map.of("digest", digest.toString()));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.BLOB_UNKNOWN;
        }

        @Override
        public int status() {
            return 404;
        }
    }

    /** No such upload session in the repository. */
    public static final class UploadUnknown extends RegistryException {
        private static final long serialVersionUID = 1L;

        public UploadUnknown(String reason) {
            super(reason, Map.of("reason", reason));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.BLOB_UPLOAD_UNKNOWN;
        }

        @Override
        public int status() {
            return 404;
        }
    }

    /** A chunk or a closing request that makes no sense: 400. */
    public static final class UploadInvalid extends RegistryException {
        private static final long serialVersionUID = 1L;

        public UploadInvalid(String reason) {
            super(reason, Map.of("reason", reason));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.BLOB_UPLOAD_INVALID;
        }

        @Override
        public int status() {
            return 400;
        }
    }

    /** A chunk that does not begin where the upload stands: 416, and the session lives. */
    public static final class ChunkOutOfPlace extends RegistryException {
        private static final long serialVersionUID = 1L;

        private final String reason;
        private final long offset;
        private final String location;

        public ChunkOutOfPlace(String reason, long offset) {
            this(reason, offset, "");
        }

        private ChunkOutOfPlace(String reason, long offset, String location) {
            super(reason, Map.of("reason", reason, "offset", offset));
            this.reason = reason;
            this.offset = offset;
            this.location = location;
        }

        /** The same refusal with the address where the upload goes on. */
        public ChunkOutOfPlace at(String whereItGoesOn) {
            return new ChunkOutOfPlace(reason, offset, whereItGoesOn);
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.BLOB_UPLOAD_INVALID;
        }

        @Override
        public int status() {
            return 416;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("Range", "0-" + Math.max(0, offset - 1), "Location", location);
        }
    }

    /** Bytes asked for that lie outside of the blob: 416 (RFC 9110, section 15.5.17). */
    public static final class RangeNotSatisfiable extends RegistryException {
        private static final long serialVersionUID = 1L;
        private final String contentRange;

        public RangeNotSatisfiable(long size) {
            super("range not satisfiable", Map.of("reason", "the range lies outside of the blob", "size", size));
            this.contentRange = "bytes */" + size;
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.SIZE_INVALID;
        }

        @Override
        public int status() {
            return 416;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("Content-Range", contentRange);
        }
    }

    /** A digest that is malformed, of an unknown algorithm, or not that of the content. */
    public static final class DigestInvalid extends RegistryException {
        private static final long serialVersionUID = 1L;

        public DigestInvalid(String reason, String given) {
            super(reason, Map.of("reason", reason, "digest", given));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.DIGEST_INVALID;
        }

        @Override
        public int status() {
            return 400;
        }
    }

    /** No such manifest in the repository. */
    public static final class ManifestUnknown extends RegistryException {
        private static final long serialVersionUID = 1L;

        public ManifestUnknown(String reference) {
            super("manifest unknown", Map.of("reference", reference));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.MANIFEST_UNKNOWN;
        }

        @Override
        public int status() {
            return 404;
        }
    }

    /** Bytes that are no manifest that is accepted here, or a reference that cannot name one. */
    public static final class ManifestInvalid extends RegistryException {
        private static final long serialVersionUID = 1L;

        public ManifestInvalid(String reason, Map<String, Object> detail) {
            super(reason, withReason(detail, reason));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.MANIFEST_INVALID;
        }

        @Override
        public int status() {
            return 400;
        }
    }

    /** A manifest above the limit: 413. */
    public static final class ManifestTooLarge extends RegistryException {
        private static final long serialVersionUID = 1L;

        public ManifestTooLarge(long limit) {
            super("manifest too large", Map.of("reason", "a manifest has at most " + limit + " bytes", "limit", limit));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.SIZE_INVALID;
        }

        @Override
        public int status() {
            return 413;
        }
    }

    /** A text that is no repository name. */
    public static final class NameInvalid extends RegistryException {
        private static final long serialVersionUID = 1L;

        public NameInvalid(String reason) {
            super(reason, Map.of("reason", reason));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.NAME_INVALID;
        }

        @Override
        public int status() {
            return 400;
        }
    }

    /** No such repository, or nothing at this path. */
    public static final class NameUnknown extends RegistryException {
        private static final long serialVersionUID = 1L;

        public NameUnknown(String name) {
            super("name unknown", Map.of("name", name));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.NAME_UNKNOWN;
        }

        @Override
        public int status() {
            return 404;
        }
    }

    /** A body that is shorter or longer than was announced. */
    public static final class SizeInvalid extends RegistryException {
        private static final long serialVersionUID = 1L;

        public SizeInvalid(String reason) {
            super(reason, Map.of("reason", reason));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.SIZE_INVALID;
        }

        @Override
        public int status() {
            return 400;
        }
    }

    /** A request that a rule forbids to everybody for now: 403. */
    public static final class Denied extends RegistryException {
        private static final long serialVersionUID = 1L;

        public Denied(String reason, Map<String, Object> detail) {
            super(reason, withReason(detail, reason));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.DENIED;
        }

        @Override
        public int status() {
            return 403;
        }
    }

    /** A condition of the request does not hold: 412 (RFC 9110, section 13). */
    public static final class PreconditionFailed extends RegistryException {
        private static final long serialVersionUID = 1L;

        public PreconditionFailed(String reason, Map<String, Object> detail) {
            super(reason, withReason(detail, reason));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.DENIED;
        }

        @Override
        public int status() {
            return 412;
        }
    }

    /** A request whose parameters are understood and refused: 400. */
    public static final class Unsupported extends RegistryException {
        private static final long serialVersionUID = 1L;

        public Unsupported(String reason) {
            super(reason, Map.of("reason", reason));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.UNSUPPORTED;
        }

        @Override
        public int status() {
            return 400;
        }
    }

    /** More parameters of one kind than are read: 414. */
    public static final class TooManyParameters extends RegistryException {
        private static final long serialVersionUID = 1L;

        public TooManyParameters(String reason) {
            super(reason, Map.of("reason", reason));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.UNSUPPORTED;
        }

        @Override
        public int status() {
            return 414;
        }
    }

    /** A method that the path does not have: 405 with Allow. */
    public static final class MethodNotAllowed extends RegistryException {
        private static final long serialVersionUID = 1L;
        private final String allow;

        public MethodNotAllowed(String allow) {
            super("method not allowed", Map.of("allow", allow));
            this.allow = allow;
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.UNSUPPORTED;
        }

        @Override
        public int status() {
            return 405;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("Allow", allow);
        }
    }

    /** The database or the store does not answer, or the registry is busy: 503, and the client comes again. */
    public static final class Unavailable extends RegistryException {
        private static final long serialVersionUID = 1L;
        private static final String RETRY_AFTER_SECONDS = "5";

        public Unavailable(String reason) {
            super(reason, Map.of("reason", reason));
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.UNAVAILABLE;
        }

        @Override
        public int status() {
            return 503;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("Retry-After", RETRY_AFTER_SECONDS);
        }
    }

    /** Manifests or blobs that a manifest references and the repository does not hold; one entry each. */
    public static final class ManifestBlobUnknown extends RegistryException {
        private static final long serialVersionUID = 1L;

        private final transient List<ErrorBody.Entry> entries;

        /** Keeps the first {@link #MAX_ENTRIES} digests. */
        public ManifestBlobUnknown(Set<Digest> missing) {
            super("manifest blob unknown", Map.of());
            entries = missing.stream()
                    .limit(MAX_ENTRIES)
                    .map(digest ->
                            ErrorBody.Entry.of(ErrorCode.MANIFEST_BLOB_UNKNOWN, Map.of("digest", digest.toString())))
                    .toList();
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.MANIFEST_BLOB_UNKNOWN;
        }

        @Override
        public int status() {
            return 404;
        }

        @Override
        public List<ErrorBody.Entry> entries() {
            return entries;
        }
    }

    private static Map<String, Object> withReason(Map<String, Object> detail, String reason) {
        Map<String, Object> all = new LinkedHashMap<>(detail);
        all.put("reason", reason);
        return all;
    }
}
