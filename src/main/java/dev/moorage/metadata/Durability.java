package dev.moorage.metadata;

/** What a committed transaction survives. */
public enum Durability {
    /** A power cut: the commit waits for the database's log to be flushed. */
    POWER_CUT,
    /** The end of this program while the database lives on: the commit does not wait for the flush. */
    PROGRAM_END
}
