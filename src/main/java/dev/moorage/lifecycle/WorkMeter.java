package dev.moorage.lifecycle;

import dev.moorage.config.Meters;
import dev.moorage.metadata.Candidate;
import io.micrometer.core.instrument.Counter;
import java.util.concurrent.TimeUnit;

/** What the background work did, and what came of it. */
final class WorkMeter {

    private static final String NAME = "moorage.collected";
    private static final String DESCRIPTION = "What nothing kept any more and was taken away";

    private static final Counter ORGANIZATIONS = Meters.counter(NAME, DESCRIPTION, "kind", "organization");
    private static final Counter REPOSITORIES = Meters.counter(NAME, DESCRIPTION, "kind", "repository");
    private static final Counter MANIFESTS = Meters.counter(NAME, DESCRIPTION, "kind", "manifest");
    private static final Counter LINKS = Meters.counter(NAME, DESCRIPTION, "kind", "link");
    private static final Counter BLOBS = Meters.counter(NAME, DESCRIPTION, "kind", "blob");
    private static final Counter OTHERS = Meters.counter(NAME, DESCRIPTION, "kind", "unknown");
    private static final Counter OBJECTS =
            Meters.counter("moorage.removed.objects", "Objects that were removed from the store");
    private static final Counter BYTES =
            Meters.counter("moorage.removed.bytes", "Bytes of objects that were removed from the store");
    private static final Counter FAILURES =
            Meters.counter("moorage.removal.failures", "Objects that could not be removed, each attempt");

    private WorkMeter() {}

    /** A kind of background work. */
    enum Work {
        HOUSE("house"),
        POLICIES("policies"),
        STORAGE_REPORT("storage-report"),
        MULTIPARTS("multiparts"),
        COLLECTION("collection");

        private final String word;

        Work(String word) {
            this.word = word;
        }

        /** Counts a run that began then. */
        void ran(Result result, long begin) {
            Meters.timer(
                            "moorage.housekeeping.runs",
                            "Runs of the background work, by work and outcome",
                            "work",
                            word,
                            "outcome",
                            result.word)
                    .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }

    /** What came of a run. */
    enum Result {
        DONE("done"),
        AWAY("database-away"),
        FAILED("failed");

        private final String word;

        Result(String word) {
            this.word = word;
        }
    }

    static void collected(Candidate candidate) {
        switch (candidate) {
            case Candidate.Organization _ -> ORGANIZATIONS.increment();
            case Candidate.Repository _ -> REPOSITORIES.increment();
            case Candidate.Manifest _ -> MANIFESTS.increment();
            case Candidate.Link _ -> LINKS.increment();
            case Candidate.Blob _ -> BLOBS.increment();
            case Candidate.Unknown _ -> OTHERS.increment();
        }
    }

    static void removed(long bytes) {
        OBJECTS.increment();
        BYTES.increment((double) bytes);
    }

    static void notRemoved() {
        FAILURES.increment();
    }
}
