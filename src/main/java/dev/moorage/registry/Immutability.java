package dev.moorage.registry;

/** Whether rules keep tags from what is asked for. */
public enum Immutability {
    /** They do. */
    ENFORCED,
    /** The caller, who may lift them, has said that they do not. */
    LIFTED
}
