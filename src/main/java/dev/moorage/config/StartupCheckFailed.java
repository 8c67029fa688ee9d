package dev.moorage.config;

/** Something outside the program stops its start; the message is one sentence for the person who starts it. */
public final class StartupCheckFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartupCheckFailed(String sentence) {
        super(sentence);
    }

    public StartupCheckFailed(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
