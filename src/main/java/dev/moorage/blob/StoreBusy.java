package dev.moorage.blob;

/** The memory for bytes on their way into the store is taken by others. */
public final class StoreBusy extends StoreFailure {

    private static final long serialVersionUID = 1L;

    public StoreBusy(String message) {
        super(message);
    }
}
