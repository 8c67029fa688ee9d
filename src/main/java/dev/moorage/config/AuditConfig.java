package dev.moorage.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long the audit trail is kept: {@code moorage.audit.*}. */
public interface AuditConfig {

    /** How long it is kept who changed what; {@code 0s} for ever. */
    @WithDefault("400d")
    Duration keep();

    /** How long it is kept who was denied what; {@code 0s} for ever. */
    @WithDefault("30d")
    Duration keepDenied();
}
