package dev.moorage.blob;

/** The object has more bytes than the store can hold in one; the message names the limit and the setting. */
public final class ObjectTooLarge extends StoreFailure {

    private static final long serialVersionUID = 1L;

    public ObjectTooLarge(String message) {
        super(message);
    }
}
