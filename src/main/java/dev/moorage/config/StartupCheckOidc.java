package dev.moorage.config;

import dev.moorage.config.MoorageConfig.Oidc;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** Refuses settings of the OpenID provider that cannot be meant. */
final class StartupCheckOidc {

    private static final String NAME = "moorage.access.oidc.";
    private static final Set<String> OWN_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final int LONGEST = 1000;

    private StartupCheckOidc() {}

    static void check(MoorageConfig settings) {
        Oidc oidc = settings.access().oidc();
        Optional<String> issuer = oidc.issuer();
        if (issuer.isEmpty()) {
            demandAbsent("client-id", oidc.clientId());
            demandAbsent("client-secret", oidc.clientSecret());
            demandAbsent("groups-claim", oidc.groupsClaim());
            return;
        }
        if (settings.access().mode() != MoorageConfig.Mode.SECURED) {
            throw new StartupCheckFailed(
                    "moorage.access.oidc.issuer is set, and people log in with moorage.access.mode=secured only.");
        }
        if (!isIssuer(issuer.get())) {
            throw new StartupCheckFailed(
                    "moorage.access.oidc.issuer is %s, and must be of the form https://host/path; http only on this machine."
                            .formatted(issuer.get()));
        }
        demandPresent("client-id", oidc.clientId());
        demandPresent("client-secret", oidc.clientSecret());
        demandClaim("name-claim", oidc.nameClaim());
        oidc.groupsClaim().ifPresent(claim -> demandClaim("groups-claim", claim));
    }

    private static void demandAbsent(String setting, Optional<?> value) {
        if (value.isPresent()) {
            throw new StartupCheckFailed(
                    NAME + setting + " is set, and moorage.access.oidc.issuer does not name an OpenID provider.");
        }
    }

    private static void demandPresent(String setting, Optional<String> value) {
        if (value.filter(text -> !text.isBlank()).isEmpty()) {
            throw new StartupCheckFailed("moorage.access.oidc.issuer is set, and " + NAME + setting + " is not.");
        }
    }

    private static void demandClaim(String setting, String claim) {
        if (claim.isBlank() || claim.length() > LONGEST) {
            throw new StartupCheckFailed(
                    NAME + setting + " must be the name of a claim, of at most %d characters.".formatted(LONGEST));
        }
    }

    /** OpenID Connect Discovery, section 3; the secret goes there, so it is never said in the open network. */
    private static boolean isIssuer(String text) {
        try {
            URI address = URI.create(text);
            boolean safe = "https".equals(address.getScheme())
                    || ("http".equals(address.getScheme()) && OWN_MACHINE.contains(address.getHost()));
            return safe
                    && text.length() <= LONGEST
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
