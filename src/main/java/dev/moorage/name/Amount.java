package dev.moorage.name;

/**
 * How many things are kept, and how many bytes they have.
 *
 * @param items the number of things
 * @param bytes their bytes
 */
public record Amount(long items, long bytes) {}
