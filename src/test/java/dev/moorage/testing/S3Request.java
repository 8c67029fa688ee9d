package dev.moorage.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the scriptable store sees it.
 *
 * @param operation what is asked
 * @param bucket the bucket
 * @param key the object; empty for questions about the bucket
 * @param query the decoded parameters
 */
public record S3Request(Operation operation, String bucket, String key, Map<String, String> query) {

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

    static S3Request of(String method, String path, String rawQuery) {
        String[] words = path.substring(1).split("/", 2);
        String key = words.length > 1 ? words[1] : "";
        Map<String, String> query = parameters(rawQuery);
        return new S3Request(
                key.isEmpty() ? onBucket(method, query) : onObject(method, query), words[0], key, Map.copyOf(query));
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

    /** The number of a part; 0 where there is none. */
    public int partNumber() {
        return Integer.parseInt(query.getOrDefault("partNumber", "0"));
    }
}
