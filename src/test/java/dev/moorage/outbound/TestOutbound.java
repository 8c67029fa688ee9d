package dev.moorage.outbound;

import dev.moorage.config.MoorageConfig;

/** Calls of the program's own kind, for tests of those who make them. */
public final class TestOutbound {

    private TestOutbound() {}

    /** What the settings let call. */
    public static OutboundHttp with(MoorageConfig config) {
        return new OutboundHttp(config);
    }
}
