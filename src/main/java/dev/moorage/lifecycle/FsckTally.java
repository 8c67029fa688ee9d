package dev.moorage.lifecycle;

import dev.moorage.lifecycle.Finding.Repair;
import dev.moorage.metadata.BlobRow;
import java.util.List;

/** Counts what a check does, and hands it on; used by one thread. */
final class FsckTally {

    private final FsckReport report;
    private long blobs;
    private long blobBytes;
    private long hashedBytes;
    private long objects;
    private long multiparts;
    private long findings;
    private long findingBytes;
    private long repaired;

    FsckTally(FsckReport report) {
        this.report = report;
    }

    void found(Finding finding) {
        findings++;
        findingBytes += finding.bytes();
        repaired += finding.repair() == Repair.DONE ? 1 : 0;
        report.found(finding);
    }

    void blobs(List<BlobRow> page) {
        blobs += page.size();
        blobBytes += page.stream().mapToLong(BlobRow::size).sum();
        report.progress(summary());
    }

    void hashed(long bytes) {
        hashedBytes += bytes;
        report.progress(summary());
    }

    void objects(int page) {
        objects += page;
        report.progress(summary());
    }

    void multiparts(int page) {
        multiparts += page;
        report.progress(summary());
    }

    FsckSummary summary() {
        return new FsckSummary(blobs, blobBytes, hashedBytes, objects, multiparts, findings, findingBytes, repaired);
    }
}
