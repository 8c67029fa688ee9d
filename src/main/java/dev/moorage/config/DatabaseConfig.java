package dev.moorage.config;

import io.smallrye.config.WithDefault;

/** The database, beside its address, which is {@code quarkus.datasource.*}. */
public interface DatabaseConfig {

    /** Brings the schema to where the program needs it at each start; {@code false} where the command {@code migrate} does that before, perhaps as another user. */
    @WithDefault("true")
    boolean migrate();
}
