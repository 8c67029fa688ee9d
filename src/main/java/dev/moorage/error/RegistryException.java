package dev.moorage.error;

import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
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

    private final ErrorCode code;
    private final int status;
    private final transient Map<String, Object> detail;

    private RegistryException(ErrorCode code, int status, String message, Map<String, Object> detail) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
        this.detail = Map.copyOf(detail);
    }

    /** The specification's code. */
    public final ErrorCode code() {
        return code;
    }

    /** The HTTP status. */
    public final int status() {
        return status;
    }

    /** What a person needs in order to act. */
    public final Map<String, Object> detail() {
        return detail;
    }

    /** The entries of the body; one, unless a class says otherwise. */
    public List<ErrorBody.Entry> entries() {
        return List.of(ErrorBody.Entry.of(code, detail));
    }

    /** Headers that belong to the answer. */
    public Map<String, String> headers() {
        return Map.of();
    }

    /** No such blob in the repository. */
    public static final class BlobUnknown extends RegistryException {
        private static final long serialVersionUID = 1L;

        public BlobUnknown(Digest digest) {
            super(ErrorCode.BLOB_UNKNOWN, 404, "blob unknown", Map.of("digest", digest.toString()));
        }
    }

    /** No such upload session in the repository. */
    public static final class UploadUnknown extends RegistryException {
        private static final long serialVersionUID = 1L;

        public UploadUnknown(String reason) {
            super(ErrorCode.BLOB_UPLOAD_UNKNOWN, 404, reason, Map.of("reason", reason));
        }
    }

    /** A chunk or a closing request that makes no sense: 400. */
    public static final class UploadInvalid extends RegistryException {
        private static final long serialVersionUID = 1L;

        public UploadInvalid(String reason) {
            super(ErrorCode.BLOB_UPLOAD_INVALID, 400, reason, Map.of("reason", reason));
        }
    }

    /** A chunk that does not begin where the upload stands: 416, and the session lives. */
    public static final class ChunkOutOfPlace extends RegistryException {
        private static final long serialVersionUID = 1L;

        private final String reason;
        private final long offset;
        private final transient Map<String, String> place;

        public ChunkOutOfPlace(String reason, long offset) {
            this(reason, offset, Map.of());
        }

        private ChunkOutOfPlace(String reason, long offset, Map<String, String> place) {
            super(ErrorCode.BLOB_UPLOAD_INVALID, 416, reason, Map.of("reason", reason, "offset", offset));
            this.reason = reason;
            this.offset = offset;
            this.place = Map.copyOf(place);
        }

        /** The same refusal with the session and the address where the upload goes on. */
        public ChunkOutOfPlace at(UploadId id, String location) {
            return new ChunkOutOfPlace(
                    reason, offset, Map.of("Docker-Upload-UUID", id.toString(), "Location", location));
        }

        @Override
        public Map<String, String> headers() {
            Map<String, String> headers = new LinkedHashMap<>(place);
            headers.put("Range", "0-" + Math.max(0, offset - 1));
            return headers;
        }
    }

    /** Bytes asked for that lie outside of the blob: 416 (RFC 9110, section 15.5.17). */
    public static final class RangeNotSatisfiable extends RegistryException {
        private static final long serialVersionUID = 1L;
        private final String contentRange;

        public RangeNotSatisfiable(long size) {
            super(
                    ErrorCode.SIZE_INVALID,
                    416,
                    "range not satisfiable",
                    Map.of("reason", "the range lies outside of the blob", "size", size));
            this.contentRange = "bytes */" + size;
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
            super(ErrorCode.DIGEST_INVALID, 400, reason, Map.of("reason", reason, "digest", given));
        }
    }

    /** No such manifest in the repository. */
    public static final class ManifestUnknown extends RegistryException {
        private static final long serialVersionUID = 1L;

        public ManifestUnknown(String reference) {
            super(ErrorCode.MANIFEST_UNKNOWN, 404, "manifest unknown", Map.of("reference", reference));
        }
    }

    /** Bytes that are no manifest that is accepted here, or a reference that cannot name one. */
    public static final class ManifestInvalid extends RegistryException {
        private static final long serialVersionUID = 1L;

        public ManifestInvalid(String reason, Map<String, Object> detail) {
            super(ErrorCode.MANIFEST_INVALID, 400, reason, withReason(detail, reason));
        }
    }

    /** A manifest above the limit: 413. */
    public static final class ManifestTooLarge extends RegistryException {
        private static final long serialVersionUID = 1L;

        public ManifestTooLarge(long limit) {
            super(
                    ErrorCode.SIZE_INVALID,
                    413,
                    "manifest too large",
                    Map.of("reason", "a manifest has at most " + limit + " bytes", "limit", limit));
        }
    }

    /** A text that is no repository name. */
    public static final class NameInvalid extends RegistryException {
        private static final long serialVersionUID = 1L;

        public NameInvalid(String reason) {
            super(ErrorCode.NAME_INVALID, 400, reason, Map.of("reason", reason));
        }
    }

    /** No such repository, or nothing at this path. */
    public static final class NameUnknown extends RegistryException {
        private static final long serialVersionUID = 1L;

        public NameUnknown(String name) {
            super(ErrorCode.NAME_UNKNOWN, 404, "name unknown", Map.of("name", name));
        }
    }

    /** A body that is shorter or longer than was announced. */
    public static final class SizeInvalid extends RegistryException {
        private static final long serialVersionUID = 1L;

        public SizeInvalid(String reason) {
            super(ErrorCode.SIZE_INVALID, 400, reason, Map.of("reason", reason));
        }
    }

    /** A caller who has not shown who he is, or may not do this: 401 with the challenge (RFC 6750, section 3). */
    public static final class Unauthorized extends RegistryException {
        private static final long serialVersionUID = 1L;
        private final String challenge;

        public Unauthorized(String challenge) {
            super(ErrorCode.UNAUTHORIZED, 401, "unauthorized", Map.of());
            this.challenge = challenge;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("WWW-Authenticate", challenge);
        }
    }

    /** A caller who has to wait: 429. */
    public static final class TooManyRequests extends RegistryException {
        private static final long serialVersionUID = 1L;
        private final long seconds;

        public TooManyRequests(String reason, long seconds) {
            super(ErrorCode.TOOMANYREQUESTS, 429, reason, Map.of("reason", reason));
            this.seconds = seconds;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("Retry-After", Long.toString(seconds));
        }
    }

    /** A request that a rule forbids to everybody for now: 403. */
    public static final class Denied extends RegistryException {
        private static final long serialVersionUID = 1L;

        public Denied(String reason, Map<String, Object> detail) {
            super(ErrorCode.DENIED, 403, reason, withReason(detail, reason));
        }
    }

    /** A request that came by a name which is not the registry's: 421 (RFC 9110, section 15.5.20). */
    public static final class Misdirected extends RegistryException {
        private static final long serialVersionUID = 1L;

        public Misdirected(String reason) {
            super(ErrorCode.DENIED, 421, reason, Map.of("reason", reason));
        }
    }

    /** A request that a browser sends for a page of another site: 403. */
    public static final class CrossSite extends RegistryException {
        private static final long serialVersionUID = 1L;

        public CrossSite(String reason) {
            super(ErrorCode.DENIED, 403, reason, Map.of("reason", reason));
        }
    }

    /** A condition of the request does not hold: 412 (RFC 9110, section 13). */
    public static final class PreconditionFailed extends RegistryException {
        private static final long serialVersionUID = 1L;

        public PreconditionFailed(String reason, Map<String, Object> detail) {
            super(ErrorCode.DENIED, 412, reason, withReason(detail, reason));
        }
    }

    /** A request whose parameters are understood and refused: 400. */
    public static final class Unsupported extends RegistryException {
        private static final long serialVersionUID = 1L;

        public Unsupported(String reason) {
            super(ErrorCode.UNSUPPORTED, 400, reason, Map.of("reason", reason));
        }
    }

    /** More parameters of one kind than are read: 414. */
    public static final class TooManyParameters extends RegistryException {
        private static final long serialVersionUID = 1L;

        public TooManyParameters(String reason) {
            super(ErrorCode.UNSUPPORTED, 414, reason, Map.of("reason", reason));
        }
    }

    /** A path that is longer than any name can make it: 414. */
    public static final class PathTooLong extends RegistryException {
        private static final long serialVersionUID = 1L;

        public PathTooLong(int limit) {
            super(ErrorCode.UNSUPPORTED, 414, "path too long", reason("a path has at most " + limit + " characters"));
        }
    }

    /** More headers than are read: 431. */
    public static final class HeadersTooMany extends RegistryException {
        private static final long serialVersionUID = 1L;

        public HeadersTooMany(int limit) {
            super(
                    ErrorCode.UNSUPPORTED,
                    431,
                    "too many headers",
                    reason("a request has at most " + limit + " headers"));
        }
    }

    /** A method that the path does not have: 405 with Allow. */
    public static final class MethodNotAllowed extends RegistryException {
        private static final long serialVersionUID = 1L;
        private final String allow;

        public MethodNotAllowed(String allow) {
            super(ErrorCode.UNSUPPORTED, 405, "method not allowed", Map.of("allow", allow));
            this.allow = allow;
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
            super(ErrorCode.UNAVAILABLE, 503, reason, Map.of("reason", reason));
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
            super(ErrorCode.MANIFEST_BLOB_UNKNOWN, 404, "manifest blob unknown", Map.of());
            entries = missing.stream()
                    .limit(MAX_ENTRIES)
                    .map(digest ->
                            ErrorBody.Entry.of(ErrorCode.MANIFEST_BLOB_UNKNOWN, Map.of("digest", digest.toString())))
                    .toList();
        }

        @Override
        public List<ErrorBody.Entry> entries() {
            return entries;
        }
    }

    private static Map<String, Object> reason(String reason) {
        return Map.of("reason", reason);
    }

    private static Map<String, Object> withReason(Map<String, Object> detail, String reason) {
        Map<String, Object> all = new LinkedHashMap<>(detail);
        all.put("reason", reason);
        return all;
    }
}
