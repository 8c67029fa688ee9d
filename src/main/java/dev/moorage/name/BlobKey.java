package dev.moorage.name;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name of a stored object: made by the server at random, never used again, never derived from the content.
 *
 * <p>A blob that is pushed again after its removal gets another key, so a late removal cannot take its bytes.
 *
 * @param value {@code blobs/ab/cd/<uuid>}, where {@code abcd} are the UUID's first digits; for a tail, {@code
 *     .tail.<epoch>.<number>} follows; {@code rows/<uuid>} for one that the database keeps
 */
public record BlobKey(String value) {

    private static final Pattern FORM = Pattern.compile(
            "blobs/([0-9a-f]{2})/([0-9a-f]{2})/\\1\\2[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
                    + "(\\.tail\\.[0-9]{1,18}\\.[0-9]{1,9})?"
                    + "|rows/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private static final String ROWS = "rows/";

    /** Refuses every text that this class did not make. */
    public BlobKey {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a blob key");
        }
    }

    /** The key under which the object of this UUID lies. */
    public static BlobKey of(UUID uuid) {
        String text = uuid.toString();
        return new BlobKey("blobs/" + text.substring(0, 2) + '/' + text.substring(2, 4) + '/' + text);
    }

    /** The key under which the database keeps the object of this UUID. */
    public static BlobKey row(UUID uuid) {
        return new BlobKey(ROWS + uuid);
    }

    /** Whether the database keeps the object, and no store knows it. */
    public boolean isRow() {
        return value.startsWith(ROWS);
    }

    /**
     * The key of the last bytes of an unfinished object, kept apart until they fill a part.
     *
     * @param epoch the request that writes them
     * @param number how many tails this request has written before
     */
    public BlobKey tail(long epoch, int number) {
        return new BlobKey(value + ".tail." + epoch + '.' + number);
    }

    @Override
    public String toString() {
        return value;
    }
}
