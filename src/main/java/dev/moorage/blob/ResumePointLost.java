package dev.moorage.blob;

/** The store holds fewer bytes than a resume point claims, as after a power cut: the upload cannot go on from there. */
public final class ResumePointLost extends StoreFailure {

    private static final long serialVersionUID = 1L;

    public ResumePointLost(String message) {
        super(message);
    }
}
