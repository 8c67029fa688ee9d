package dev.moorage.error;

/**
 * The codes an error body may carry (OCI distribution specification, "Error Codes").
 *
 * <p>{@link #UNAVAILABLE} and {@link #UNKNOWN} are not in that list, which binds 4xx answers only; they appear on 5xx.
 */
public enum ErrorCode {
    BLOB_UNKNOWN("blob unknown to registry"),
    BLOB_UPLOAD_INVALID("blob upload invalid"),
    BLOB_UPLOAD_UNKNOWN("blob upload unknown to registry"),
    DIGEST_INVALID("provided digest did not match uploaded content"),
    MANIFEST_BLOB_UNKNOWN("manifest references a manifest or blob unknown to registry"),
    MANIFEST_INVALID("manifest invalid"),
    MANIFEST_UNKNOWN("manifest unknown to registry"),
    NAME_INVALID("invalid repository name"),
    NAME_UNKNOWN("repository name not known to registry"),
    SIZE_INVALID("provided length did not match content length"),
    UNAUTHORIZED("authentication required"),
    DENIED("requested access to the resource is denied"),
    UNSUPPORTED("the operation is unsupported"),
    TOOMANYREQUESTS("too many requests"),
    UNAVAILABLE("the registry cannot answer now"),
    UNKNOWN("the registry failed");

    private final String message;

    ErrorCode(String message) {
        this.message = message;
    }

    /** The specification's sentence for the code. */
    public String message() {
        return message;
    }
}
