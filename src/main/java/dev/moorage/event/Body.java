package dev.moorage.event;

/**
 * What is sent.
 *
 * @param type its media type
 * @param bytes the body, a few KiB
 */
@SuppressWarnings("ArrayRecordComponent") // Sent once, never compared.
record Body(String type, byte[] bytes) {}
