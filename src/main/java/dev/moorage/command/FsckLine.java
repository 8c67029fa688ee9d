package dev.moorage.command;

import dev.moorage.lifecycle.Finding;
import dev.moorage.lifecycle.Finding.DigestDiffers;
import dev.moorage.lifecycle.Finding.MarkDiffers;
import dev.moorage.lifecycle.Finding.MultipartUnknown;
import dev.moorage.lifecycle.Finding.ObjectAbsent;
import dev.moorage.lifecycle.Finding.ObjectUnnamed;
import dev.moorage.lifecycle.Finding.Repair;
import dev.moorage.lifecycle.Finding.SizeDiffers;
import dev.moorage.lifecycle.Finding.Unreadable;
import dev.moorage.lifecycle.FsckSummary;
import dev.moorage.metadata.BlobRow;

/**
 * The lines that fsck prints: a word for the kind, then {@code name=value} pairs, then what to do. Scripts read them, so words
 * and pairs stay as they are.
 */
final class FsckLine {

    private static final String UPLOAD_AGAIN = ": upload the blob again, which replaces the object";
    private static final String REMOVE_FIRST = ": remove the object from the store, then upload the blob again";

    private FsckLine() {}

    static String of(Finding finding) {
        return switch (finding) {
            case ObjectAbsent(BlobRow row) -> "object-absent " + blob(row) + UPLOAD_AGAIN;
            case SizeDiffers(BlobRow row, long stored) ->
                "size-differs " + blob(row) + " stored-size=" + stored + UPLOAD_AGAIN;
            case DigestDiffers(BlobRow row, var stored) ->
                "digest-differs " + blob(row) + " stored-digest=" + stored + REMOVE_FIRST;
            case Unreadable(BlobRow row, String reason) ->
                "object-unreadable " + blob(row) + ": " + reason.replaceAll("\\s+", " ");
            case MarkDiffers(String because, Repair repair) ->
                "mark-differs: " + because
                        + switch (repair) {
                            case NONE -> ": fsck --acknowledge makes it this database's, and collection goes on";
                            case DONE -> ": it is this database's now";
                        };
            case ObjectUnnamed(var key, long bytes, Repair repair) ->
                "object-without-row key=" + key + " size=" + bytes
                        + after(repair, ": condemned, and goes when its time has come");
            case MultipartUnknown(var key, String id, Repair repair) ->
                "multipart-without-row key=" + key + " id=" + id + after(repair, ": abandoned");
        };
    }

    static String of(FsckSummary summary) {
        return "summary blobs=%d blob-bytes=%d hashed-bytes=%d objects=%d multiparts=%d findings=%d finding-bytes=%d repaired=%d"
                .formatted(
                        summary.blobs(),
                        summary.blobBytes(),
                        summary.hashedBytes(),
                        summary.objects(),
                        summary.multiparts(),
                        summary.findings(),
                        summary.findingBytes(),
                        summary.repaired());
    }

    private static String blob(BlobRow row) {
        return "digest=" + row.digest() + " key=" + row.key() + " size=" + row.size();
    }

    private static String after(Repair repair, String done) {
        return switch (repair) {
            case NONE -> ": fsck --repair removes it";
            case DONE -> done;
        };
    }
}
