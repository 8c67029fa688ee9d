package dev.moorage.http;

/** The path of a request as the client sent it, encoded and unchecked. */
public final class RawPath {

    private RawPath() {}

    /** The path of a request's target, without its query. */
    public static String of(String target) {
        // A proxy may send the absolute form (RFC 9112, section 3.2.2).
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        int begin = scheme < 0 ? 0 : target.indexOf('/', scheme + 3);
        if (begin < 0) {
            return "/";
        }
        int query = target.indexOf('?', begin);
        return query < 0 ? target.substring(begin) : target.substring(begin, query);
    }
}
