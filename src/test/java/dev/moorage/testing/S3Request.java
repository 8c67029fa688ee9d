package dev.moorage.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the scriptable store sees it.
 *
 * @param operation what is asked
 * @param bucket the bucket
 * @param key the object; empty for questions about the bucket
 * @param query the decoded parameters
 * @param headers by lower-case name, of several of one name the first
 * @param nanoTime when its head had come, by the JVM's clock for differences
 */
public record S3Request(
        Operation operation,
        String bucket,
        String key,
        Map<String, String> query,
        Map<String, String> headers,
        long nanoTime) {

    /** What can be asked. */
    public enum Operation {
        HEAD_BUCKET,
        CREATE_BUCKET,
        LIST_OBJECTS,
        LIST_UPLOADS,
        PUT_OBJECT,
        GET_OBJECT,
        HEAD_OBJECT,
        DELETE_OBJECT,
        CREATE_UPLOAD,
        UPLOAD_PART,
        LIST_PARTS,
        COMPLETE_UPLOAD,
        ABORT_UPLOAD;

        /** Whether it changes what is stored; these are the requests that stores charge most for. */
        public boolean writes() {
            return switch (this) {
                case HEAD_BUCKET, LIST_OBJECTS, LIST_UPLOADS, GET_OBJECT, HEAD_OBJECT, LIST_PARTS -> false;
                case CREATE_BUCKET,
                        PUT_OBJECT,
                        DELETE_OBJECT,
                        CREATE_UPLOAD,
                        UPLOAD_PART,
                        COMPLETE_UPLOAD,
                        ABORT_UPLOAD -> true;
            };
        }
    }

    static S3Request of(String method, String path, String rawQuery, Map<String, List<String>> sent) {
        String[] words = path.substring(1).split("/", 2);
        String key = words.length > 1 ? words[1] : "";
        Map<String, String> query = parameters(rawQuery);
        Map<String, String> headers = new HashMap<>();
        sent.forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        return new S3Request(
                key.isEmpty() ? onBucket(method, query) : onObject(method, query),
                words[0],
                key,
                Map.copyOf(query),
                Map.copyOf(headers),
                System.nanoTime());
    }

    private static Operation onBucket(String method, Map<String, String> query) {
        return switch (method) {
            case "HEAD" -> Operation.HEAD_BUCKET;
            case "PUT" -> Operation.CREATE_BUCKET;
            case "GET" -> query.containsKey("uploads") ? Operation.LIST_UPLOADS : Operation.LIST_OBJECTS;
            default -> throw new IllegalArgumentException(method);
        };
    }

    private static Operation onObject(String method, Map<String, String> query) {
        boolean upload = query.containsKey("uploadId");
        return switch (method) {
            case "HEAD" -> Operation.HEAD_OBJECT;
            case "PUT" -> upload ? Operation.UPLOAD_PART : Operation.PUT_OBJECT;
            case "GET" -> upload ? Operation.LIST_PARTS : Operation.GET_OBJECT;
            case "DELETE" -> upload ? Operation.ABORT_UPLOAD : Operation.DELETE_OBJECT;
            case "POST" -> upload ? Operation.COMPLETE_UPLOAD : Operation.CREATE_UPLOAD;
            default -> throw new IllegalArgumentException(method);
        };
    }

    private static Map<String, String> parameters(String rawQuery) {
        Map<String, String> query = new HashMap<>();
        for (String pair : Optional.ofNullable(rawQuery).orElse("").split("&", -1)) {
            String[] words = pair.split("=", 2);
            query.put(decoded(words[0]), words.length > 1 ? decoded(words[1]) : "");
        }
        query.remove("");
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** A header that was sent. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The number of a part; 0 where there is none. */
    public int partNumber() {
        return Integer.parseInt(query.getOrDefault("partNumber", "0"));
    }
}
