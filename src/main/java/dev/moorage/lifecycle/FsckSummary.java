package dev.moorage.lifecycle;

/**
 * How much a check has looked at, and found.
 *
 * @param blobs rows of blobs
 * @param blobBytes the sizes in these rows
 * @param hashedBytes how many bytes were read and hashed
 * @param objects objects in the store
 * @param multiparts multipart uploads in the store
 * @param findings what does not fit together
 * @param findingBytes the bytes of the findings
 * @param repaired how many findings were repaired
 */
public record FsckSummary(
        long blobs,
        long blobBytes,
        long hashedBytes,
        long objects,
        long multiparts,
        long findings,
        long findingBytes,
        long repaired) {}
