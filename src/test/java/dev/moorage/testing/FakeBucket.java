package dev.moorage.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/** What a scriptable store keeps: objects and unfinished uploads, in memory. */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares these records.
final class FakeBucket {

    private static final Pattern PART = Pattern.compile("<Part>(.*?)</Part>", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("<PartNumber>(\\d+)</PartNumber>");
    private static final Pattern TAG = Pattern.compile("<ETag>(.*?)</ETag>");

    private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final NavigableMap<String, byte[]> marks = new ConcurrentSkipListMap<>();
    private final NavigableMap<String, Upload> uploads = new ConcurrentSkipListMap<>();
    private final AtomicLong ids = new AtomicLong();

    private record Part(byte[] bytes, String tag) {}

    private record Upload(String key, Instant begun, NavigableMap<Integer, Part> parts) {}

    /** An answer: status, body, entity tag; an error has its code as body. */
    record Answer(int status, byte[] body, Optional<String> tag) {

        static Answer done() {
            return new Answer(200, new byte[0], Optional.empty());
        }

        static Answer gone() {
            return new Answer(204, new byte[0], Optional.empty());
        }

        static Answer xml(String body) {
            return new Answer(200, body.getBytes(StandardCharsets.UTF_8), Optional.empty());
        }

        static Answer refusal(int status, String code) {
            String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code + "</Code><Message>" + code
                    + "</Message></Error>";
            return new Answer(status, body.getBytes(StandardCharsets.UTF_8), Optional.empty());
        }
    }

    NavigableMap<String, byte[]> objects() {
        return objects;
    }

    NavigableMap<String, byte[]> marks() {
        return marks;
    }

    List<String> uploadKeys() {
        return uploads.values().stream().map(Upload::key).toList();
    }

    Answer put(String key, byte[] bytes) {
        objects.put(key, bytes);
        return new Answer(200, new byte[0], Optional.of(md5(bytes)));
    }

    Answer create(String key, Instant now) {
        String id = "upload-%06d".formatted(ids.incrementAndGet());
        uploads.put(id, new Upload(key, now, new ConcurrentSkipListMap<>()));
        return Answer.xml(
                "<InitiateMultipartUploadResult><Key>%s</Key><UploadId>%s</UploadId></InitiateMultipartUploadResult>"
                        .formatted(key, id));
    }

    Answer part(String key, String id, int number, byte[] bytes) {
        Upload upload = uploads.get(id);
        if (upload == null || !upload.key().equals(key)) {
            return Answer.refusal(404, "NoSuchUpload");
        }
        Part part = new Part(bytes, md5(bytes));
        upload.parts().put(number, part);
        return new Answer(200, new byte[0], Optional.of(part.tag()));
    }

    Answer complete(String key, String id, byte[] body) {
        Upload upload = uploads.get(id);
        if (upload == null || !upload.key().equals(key)) {
            return Answer.refusal(404, "NoSuchUpload");
        }
        NavigableMap<Integer, String> wanted = new TreeMap<>();
        for (MatchResult part :
                PART.matcher(new String(body, StandardCharsets.UTF_8)).results().toList()) {
            wanted.put(Integer.parseInt(first(NUMBER, part.group(1))), tagOf(first(TAG, part.group(1))));
        }
        boolean held = !wanted.isEmpty()
                && wanted.entrySet().stream()
                        .allMatch(part -> upload.parts().containsKey(part.getKey())
                                && upload.parts().get(part.getKey()).tag().equals(part.getValue()));
        if (!held) {
            return Answer.refusal(400, "InvalidPart");
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        wanted.keySet()
                .forEach(number -> whole.writeBytes(upload.parts().get(number).bytes()));
        objects.put(key, whole.toByteArray());
        uploads.remove(id);
        return Answer.xml(
                "<CompleteMultipartUploadResult><Key>%s</Key><ETag>\"%s-%d\"</ETag></CompleteMultipartUploadResult>"
                        .formatted(key, md5(whole.toByteArray()), wanted.size()));
    }

    Answer abort(String id) {
        return uploads.remove(id) == null ? Answer.refusal(404, "NoSuchUpload") : Answer.gone();
    }

    Answer listObjects(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        int limit = Integer.parseInt(query.getOrDefault("max-keys", "1000"));
        List<String> after = objects.tailMap(query.getOrDefault("start-after", ""), false).keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .limit(limit + 1L)
                .toList();
        String contents = after.stream()
                .limit(limit)
                .map(key -> "<Contents><Key>%s</Key><Size>%d</Size></Contents>".formatted(key, objects.get(key).length))
                .collect(Collectors.joining());
        return Answer.xml("<ListBucketResult><IsTruncated>%s</IsTruncated>%s</ListBucketResult>"
                .formatted(after.size() > limit, contents));
    }

    Answer listUploads(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        // Without an id all uploads of the marker's key are passed over.
        String idMarker = query.get("upload-id-marker");
        String marker = query.getOrDefault("key-marker", "") + (idMarker == null ? "\1" : (char) 0 + idMarker);
        int limit = Integer.parseInt(query.getOrDefault("max-uploads", "1000"));
        NavigableMap<String, String> inOrder = new TreeMap<>();
        uploads.forEach((id, upload) -> inOrder.put(upload.key() + '\0' + id, id));
        List<String> after = inOrder.tailMap(marker, false).values().stream()
                .filter(id -> uploads.get(id).key().startsWith(prefix))
                .toList();
        String contents = after.stream()
                .limit(limit)
                .map(id -> "<Upload><Key>%s</Key><UploadId>%s</UploadId><Initiated>%s</Initiated></Upload>"
                        .formatted(uploads.get(id).key(), id, uploads.get(id).begun()))
                .collect(Collectors.joining());
        boolean more = after.size() > limit;
        String next = !more
                ? ""
                : "<NextKeyMarker>%s</NextKeyMarker><NextUploadIdMarker>%s</NextUploadIdMarker>"
                        .formatted(uploads.get(after.get(limit - 1)).key(), after.get(limit - 1));
        return Answer.xml("<ListMultipartUploadsResult><IsTruncated>%s</IsTruncated>%s%s</ListMultipartUploadsResult>"
                .formatted(more, next, contents));
    }

    private static String first(Pattern pattern, String text) {
        return pattern.matcher(text).results().findFirst().orElseThrow().group(1);
    }

    private static String tagOf(String text) {
        return text.replace("&quot;", "").replace("\"", "");
    }

    static String md5(byte[] bytes) {
        return hex("MD5", bytes);
    }

    static String crc32c(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }

    static String hex(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
