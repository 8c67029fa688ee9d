package dev.moorage.blob;

/** Another writer has the object open. */
public final class KeyInUse extends StoreFailure {

    private static final long serialVersionUID = 1L;

    public KeyInUse(String message) {
        super(message);
    }
}
