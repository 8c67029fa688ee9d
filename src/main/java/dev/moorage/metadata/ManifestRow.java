package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;

/**
 * A manifest as it is served.
 *
 * @param repository where it is
 * @param digest its digest
 * @param mediaType its media type, as pushed
 * @param size its size in bytes
 * @param payload its exact bytes; empty where only the head was asked for
 * @param leaseStale whether the last lease is older than an hour
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes go from the database to the client and nobody compares rows.
public record ManifestRow(
        RepositoryKey repository, Digest digest, String mediaType, int size, byte[] payload, boolean leaseStale) {}
