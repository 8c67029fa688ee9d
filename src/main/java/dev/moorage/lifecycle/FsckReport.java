package dev.moorage.lifecycle;

/** Takes what a check says while it runs; called by one thread. */
public interface FsckReport {

    /** Takes a finding, as soon as it is certain. */
    void found(Finding finding);

    /** Called often: how far the check is. */
    void progress(FsckSummary soFar);
}
