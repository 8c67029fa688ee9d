package dev.moorage.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The console: {@code moorage.console.*}. */
public interface ConsoleConfig {

    /** How long a session of the console is good without being used. */
    @WithDefault("12h")
    Duration sessionIdle();

    /** How long a session of the console is good at most; then its owner logs in again. */
    @WithDefault("7d")
    Duration sessionLifetime();
}
