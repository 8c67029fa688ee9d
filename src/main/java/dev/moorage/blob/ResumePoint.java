package dev.moorage.blob;

/**
 * A place in an object from which a later writer can go on.
 *
 * @param offset the number of bytes that are there
 * @param store what the store needs besides, in its own words; the directory store names the boot of the machine
 */
public record ResumePoint(long offset, String store) {

    /** Nothing is there yet. */
    public static final ResumePoint START = new ResumePoint(0, "");

    /** Refuses a negative offset. */
    public ResumePoint {
        if (offset < 0) {
            throw new IllegalArgumentException("an offset is 0 or more");
        }
    }
}
