package dev.moorage.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the program ends when it is told to. */
public interface DrainConfig {

    /** How long the program goes on as ever after it was told to end, only not ready any more, so that balancers see that and send nothing new. */
    @WithDefault("0s")
    Duration delay();

    /** How long requests under way have to end then; what takes longer is cut, an upload where its bytes are durable, and its client goes on elsewhere. */
    @WithDefault("30s")
    Duration timeout();
}
