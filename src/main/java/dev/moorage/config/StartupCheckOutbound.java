package dev.moorage.config;

import dev.moorage.config.MoorageConfig.External;
import dev.moorage.name.Network;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Refuses settings of calls to others, and of those who are called, that cannot be meant. */
final class StartupCheckOutbound {

    private static final String NETWORKS = "moorage.outbound.allowed-networks";
    private static final String EXTERNAL = "moorage.access.external.";
    private static final int LONGEST = 1000;

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
        checkExternal(settings.access().external(), settings, networks);
    }

    private static void checkExternal(External external, MoorageConfig settings, List<String> networks) {
        Optional<String> issuer = external.issuer();
        if (issuer.isEmpty()) {
            demandAbsent("jwks-url", external.jwksUrl());
            demandAbsent("audience", external.audience());
            demandAbsent("realm", external.realm());
            return;
        }
        URI keys = external.jwksUrl()
                .orElseThrow(
                        () -> new StartupCheckFailed(
                                "moorage.access.external.issuer is set, and moorage.access.external.jwks-url does not say where its keys are."));
        if (issuer.get().length() > LONGEST
                || issuer.get().equals(settings.access().tokens().issuer())) {
            throw new StartupCheckFailed(
                    "moorage.access.external.issuer must have at most %d characters, and be another one than moorage.access.tokens.issuer."
                            .formatted(LONGEST));
        }
        if (!isAddress(keys) || (keys.getScheme().equals("http") && networks.isEmpty())) {
            throw new StartupCheckFailed(
                    "moorage.access.external.jwks-url is %s, and must be of the form https://host/path; http only with %s."
                            .formatted(keys, NETWORKS));
        }
        external.realm().filter(realm -> !isAddress(realm)).ifPresent(realm -> {
            throw new StartupCheckFailed(
                    "moorage.access.external.realm is %s, and must be of the form https://host/path.".formatted(realm));
        });
    }

    private static void demandAbsent(String setting, Optional<?> value) {
        if (value.isPresent()) {
            throw new StartupCheckFailed(
                    EXTERNAL + setting + " is set, and moorage.access.external.issuer does not name a token server.");
        }
    }

    private static boolean isAddress(URI address) {
        return ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                && address.getHost() != null
                && address.getRawUserInfo() == null
                && address.getRawFragment() == null;
    }
}
