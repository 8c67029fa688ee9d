package dev.moorage.name;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run of bytes, both ends included (RFC 9110, section 14).
 *
 * @param first the offset of the first byte, 0 or more
 * @param last the offset of the last byte, not below {@code first}
 */
public record ByteRange(long first, long last) {

    private static final Pattern REQUEST = Pattern.compile("bytes=([0-9]*)-([0-9]*)");
    private static final Pattern CHUNK = Pattern.compile("0*([0-9]{1,18})-0*([0-9]{1,18})");

    /** Refuses ends that do not enclose a byte. */
    public ByteRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("not a byte range");
        }
    }

    /** What a Range header asks of a representation of a known size. */
    public sealed interface Request {
        /** Nothing that is understood here is asked: the whole is served. */
        record Whole() implements Request {}

        /** One run of bytes, clipped to the size. */
        record Part(ByteRange range) implements Request {}

        /** The asked bytes lie outside: 416. */
        record Unsatisfiable() implements Request {}
    }

    /** The number of bytes. */
    public long length() {
        return last - first + 1;
    }

    /**
     * Reads a Range header against a size in bytes.
     *
     * <p>Other units and several ranges are ignored, as RFC 9110 allows; a last byte before the first is unsatisfiable,
     * which the official conformance suite demands.
     */
    public static Request request(String header, long size) {
        Matcher matcher = REQUEST.matcher(header.strip());
        if (!matcher.matches()) {
            return new Request.Whole();
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        if (from.isEmpty() && to.isEmpty()) {
            return new Request.Whole();
        }
        if (from.isEmpty()) {
            long suffix = saturated(to);
            return suffix == 0 || size == 0
                    ? new Request.Unsatisfiable()
                    : new Request.Part(new ByteRange(Math.max(0, size - suffix), size - 1));
        }
        long first = saturated(from);
        long last = to.isEmpty() ? Long.MAX_VALUE : saturated(to);
        return first >= size || last < first
                ? new Request.Unsatisfiable()
                : new Request.Part(new ByteRange(first, Math.min(last, size - 1)));
    }

    /** Reads the Content-Range of a chunk, {@code first-last} (OCI distribution specification, "Pushing a blob in chunks"). */
    public static Optional<ByteRange> parseChunk(String header) {
        Matcher matcher = CHUNK.matcher(header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long first = Long.parseLong(matcher.group(1));
        long last = Long.parseLong(matcher.group(2));
        return last < first ? Optional.empty() : Optional.of(new ByteRange(first, last));
    }

    private static long saturated(String digits) {
        int zeros = 0;
        while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
            zeros++;
        }
        return digits.length() - zeros > 18 ? Long.MAX_VALUE : Long.parseLong(digits, zeros, digits.length(), 10);
    }
}
