package dev.moorage.blob;

/**
 * Told of each intent of a writer before its bytes are written, so that every object has a row that names it before its
 * first byte.
 */
public interface WriteJournal {

    /** For stores whose key alone, which the caller's row already names, covers everything that a writer leaves. */
    WriteJournal NONE = intent -> {};

    /**
     * Records an intent durably; the writer goes on only when this returns.
     *
     * @param intent what is about to be written, in the store's own words
     */
    void intend(String intent);
}
