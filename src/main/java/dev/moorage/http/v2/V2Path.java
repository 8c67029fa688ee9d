package dev.moorage.http.v2;

import java.util.List;
import java.util.Optional;

/**
 * A path below {@code /v2/}, split from the right, since repository names may hold any of the words that the
 * specification uses ({@code blobs}, {@code tags}, {@code manifests}).
 *
 * @param family which family of the specification the path belongs to
 * @param name the repository's name as it was written, still encoded and unchecked; empty for the base and the catalog
 * @param last the reference, digest or upload id as it was written, likewise; empty where the family has none
 */
public record V2Path(Family family, String name, String last) {

    private static final String PREFIX = "/v2/";
    private static final String UPLOADS = "/blobs/uploads";

    /** The families of the specification, each with the methods that it has and the fixed path that serves it. */
    public enum Family {
        BASE("/v2/-/base", "GET", "HEAD"),
        CATALOG("/v2/-/catalog", "GET", "HEAD"),
        TAGS("/v2/-/tags", "GET", "HEAD"),
        MANIFEST("/v2/-/manifest", "GET", "HEAD", "PUT", "DELETE"),
        BLOB("/v2/-/blob", "GET", "HEAD", "DELETE"),
        UPLOADS("/v2/-/uploads", "POST"),
        UPLOAD("/v2/-/upload", "GET", "PATCH", "PUT", "DELETE"),
        REFERRERS("/v2/-/referrers", "GET", "HEAD");

        private final String innerPath;

        @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable.
        private final List<String> methods;

        Family(String innerPath, String... methods) {
            this.innerPath = innerPath;
            this.methods = List.of(methods);
        }

        /** The fixed path of the resource; no client can ask for it, since no repository can be called {@code -}. */
        String innerPath() {
            return innerPath;
        }

        /** The methods, as the header Allow lists them. */
        String allow() {
            return String.join(", ", methods);
        }

        /** Whether the family has a method. */
        boolean allows(String method) {
            return methods.contains(method);
        }
    }

    /** Splits a path as the client sent it; empty where no family of the specification has such a path. */
    public static Optional<V2Path> parse(String path) {
        if (path.equals("/v2") || path.equals(PREFIX)) {
            return Optional.of(new V2Path(Family.BASE, "", ""));
        }
        if (!path.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String rest = path.substring(PREFIX.length());
        if (rest.equals("_catalog")) {
            return Optional.of(new V2Path(Family.CATALOG, "", ""));
        }
        int slash = rest.lastIndexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        return split(rest.substring(0, slash), rest.substring(slash + 1), rest);
    }

    private static Optional<V2Path> split(String head, String last, String whole) {
        if (last.isEmpty()) {
            return named(head, UPLOADS, Family.UPLOADS, "");
        }
        if (whole.endsWith("/tags/list")) {
            return named(whole, "/tags/list", Family.TAGS, "");
        }
        if (head.endsWith("/manifests")) {
            return named(head, "/manifests", Family.MANIFEST, last);
        }
        if (head.endsWith("/referrers")) {
            return named(head, "/referrers", Family.REFERRERS, last);
        }
        if (head.endsWith(UPLOADS)) {
            return named(head, UPLOADS, Family.UPLOAD, last);
        }
        if (whole.endsWith(UPLOADS)) {
            return named(whole, UPLOADS, Family.UPLOADS, "");
        }
        return named(head, "/blobs", Family.BLOB, last);
    }

    private static Optional<V2Path> named(String text, String suffix, Family family, String last) {
        return text.endsWith(suffix)
                ? Optional.of(new V2Path(family, text.substring(0, text.length() - suffix.length()), last))
                : Optional.empty();
    }
}
