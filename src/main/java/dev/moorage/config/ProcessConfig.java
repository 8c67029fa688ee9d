package dev.moorage.config;

/** How the program begins and ends: the part of {@link MoorageConfig} that no request depends on. */
public interface ProcessConfig {

    /** The database, beside its address. */
    DatabaseConfig database();

    /** How the program ends when it is told to. */
    DrainConfig drain();
}
