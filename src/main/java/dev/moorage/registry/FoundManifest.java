package dev.moorage.registry;

import dev.moorage.name.Digest;

/**
 * A manifest that the repository holds.
 *
 * @param digest its digest
 * @param mediaType its media type, as pushed
 * @param size its size in bytes
 * @param payload its exact bytes; empty where only the head was asked for
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes go from the database to the client and nobody compares them.
public record FoundManifest(Digest digest, String mediaType, int size, byte[] payload) {}
