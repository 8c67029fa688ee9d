package dev.moorage.metadata;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.inject.Singleton;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Lets a replica wait for another one that migrates, as long as that may take on a large database. */
@Singleton
class MigrationPatience implements FlywayConfigurationCustomizer {

    private static final int TRIES_A_SECOND_APART = 3600;

    @Override
    public void customize(FluentConfiguration configuration) {
        configuration.lockRetryCount(TRIES_A_SECOND_APART);
    }
}
