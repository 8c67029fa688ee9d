package dev.moorage.lifecycle;

/**
 * What a check does.
 *
 * @param depth how closely it looks
 * @param mode whether it may change anything
 */
public record FsckOptions(Depth depth, Mode mode) {

    /** How closely a check looks. */
    public enum Depth {
        /** At the presence and the size of each object. */
        SIZES,
        /** At every byte of every blob. */
        DIGESTS
    }

    /** Whether a check may change anything. */
    public enum Mode {
        /** It only reads. */
        READ,
        /** It condemns what no row names. */
        REPAIR,
        /** It marks the store as this database's, and nothing else. */
        ACKNOWLEDGE
    }
}
