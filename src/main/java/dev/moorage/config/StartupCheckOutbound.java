package dev.moorage.config;

import dev.moorage.name.Network;
import java.util.List;

/** Refuses settings of calls to others that cannot be meant. */
final class StartupCheckOutbound {

    private static final String NETWORKS = "moorage.outbound.allowed-networks";

    private StartupCheckOutbound() {}

    static void check(MoorageConfig settings) {
        List<String> networks = settings.outbound().allowedNetworks().orElse(List.of());
        for (String text : networks) {
            if (Network.parse(text).isEmpty()) {
                throw new StartupCheckFailed(
                        "%s has %s, and each must be a network as 10.1.0.0/16, whose address ends where its bits end, or a single address."
                                .formatted(NETWORKS, text));
            }
        }
    }
}
