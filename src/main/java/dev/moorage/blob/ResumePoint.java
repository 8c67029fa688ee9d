package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.util.List;

/**
 * A place in an object from which a later writer can go on.
 *
 * @param offset the number of bytes that are there
 * @param store what the store needs besides, in its own words; the directory store names the boot of the machine
 * @param superseded objects that the writer named as an intent and that hold nothing which this point needs
 */
public record ResumePoint(long offset, String store, List<BlobKey> superseded) {

    /** Nothing is there yet. */
    public static final ResumePoint START = new ResumePoint(0, "");

    /** Refuses a negative offset. */
    public ResumePoint {
        if (offset < 0) {
            throw new IllegalArgumentException("an offset is 0 or more");
        }
        superseded = List.copyOf(superseded);
    }

    /** A place that makes no object superfluous. */
    public ResumePoint(long offset, String store) {
        this(offset, store, List.of());
    }
}
