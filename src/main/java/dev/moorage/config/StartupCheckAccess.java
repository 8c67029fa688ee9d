package dev.moorage.config;

import dev.moorage.config.MoorageConfig.Access;
import dev.moorage.config.MoorageConfig.Tokens;
import dev.moorage.name.Network;
import io.smallrye.config.ConfigValue;
import java.net.URI;
import java.time.Duration;

/** Refuses settings of the secured mode that cannot be meant. */
final class StartupCheckAccess {

    private static final String NAME = "moorage.access.";
    private static final int SHORTEST_PASSWORD = 8;
    private static final int LONGEST_PASSWORD = 1000;
    private static final int SHORTEST_KEY = 32;
    private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(60);
    private static final Duration LONGEST_LIFETIME = Duration.ofHours(1);
    private static final Duration SHORTEST_IDLE = Duration.ofMinutes(5);
    private static final Duration SHORTEST_KEY_LIFETIME = Duration.ofHours(1);

    private StartupCheckAccess() {}

    static void check(MoorageConfig settings) {
        Access access = settings.access();
        access.adminPassword()
                .filter(password -> password.length() < SHORTEST_PASSWORD || password.length() > LONGEST_PASSWORD)
                .ifPresent(_ -> {
                    throw new StartupCheckFailed(NAME
                            + "admin-password must have %d to %d characters."
                                    .formatted(SHORTEST_PASSWORD, LONGEST_PASSWORD));
                });
        access.encryptionKey().filter(key -> key.length() < SHORTEST_KEY).ifPresent(_ -> {
            throw new StartupCheckFailed(NAME
                    + "encryption-key must have %d characters or more, as 'openssl rand -base64 32' gives them."
                            .formatted(SHORTEST_KEY));
        });
        settings.http().hosts().ifPresent(hosts -> hosts.forEach(StartupCheckAccess::checkHost));
        settings.http().trustedProxies().ifPresent(proxies -> proxies.forEach(StartupCheckAccess::checkProxy));
        settings.http()
                .limits()
                .callerPerMinute()
                .ifPresent(most -> StartupCheck.positive("moorage.http.limits.caller-per-minute", most));
        settings.http()
                .limits()
                .networkPerMinute()
                .ifPresent(most -> StartupCheck.positive("moorage.http.limits.network-per-minute", most));
        StartupCheck.positive(
                "moorage.http.limits.slowest-body", settings.http().limits().slowestBody());
        StartupCheck.positive(
                "moorage.http.limits.body-patience", settings.http().limits().bodyPatience());
        checkTokens(access.tokens());
        StartupCheck.positive(
                NAME + "throttle.account-failures", access.throttle().accountFailures());
        StartupCheck.positive(
                NAME + "throttle.address-failures", access.throttle().addressFailures());
        StartupCheck.positive(NAME + "throttle.first-wait", access.throttle().firstWait());
        StartupCheck.positive(NAME + "throttle.longest-wait", access.throttle().longestWait());
        StartupCheck.positive(NAME + "throttle.memory", access.throttle().memory());
    }

    /** Replicas share their keys by the database, so they must share what these are encrypted with. */
    static void checkDatabase(MoorageConfig settings, ConfigValue url) {
        boolean external =
                url != null && url.getValue() != null && !url.getValue().isBlank();
        if (external
                && settings.access().mode() == MoorageConfig.Mode.SECURED
                && settings.access().encryptionKey().isEmpty()) {
            throw new StartupCheckFailed(
                    "moorage.access.encryption-key is not set, and with a database of its own address (quarkus.datasource.jdbc.url) the secured mode needs one, the same for all replicas.");
        }
    }

    static void checkSessions(ConsoleConfig console) {
        // A session's use is written down once a minute.
        if (console.sessionIdle().compareTo(SHORTEST_IDLE) < 0) {
            throw new StartupCheckFailed("moorage.console.session-idle is %s, and must be %s or more."
                    .formatted(console.sessionIdle(), SHORTEST_IDLE));
        }
        if (console.sessionLifetime().compareTo(console.sessionIdle()) < 0) {
            throw new StartupCheckFailed(
                    "moorage.console.session-lifetime is %s, and must not be below moorage.console.session-idle (%s)."
                            .formatted(console.sessionLifetime(), console.sessionIdle()));
        }
    }

    private static void checkTokens(Tokens tokens) {
        between("tokens.lifetime", tokens.lifetime(), SHORTEST_LIFETIME, LONGEST_LIFETIME);
        StartupCheck.positive(NAME + "tokens.refresh-lifetime", tokens.refreshLifetime());
        StartupCheck.positive(NAME + "tokens.key-lifetime", tokens.keyLifetime());
        StartupCheck.positive(NAME + "tokens.key-overlap", tokens.keyOverlap());
        if (tokens.keyLifetime().compareTo(SHORTEST_KEY_LIFETIME) < 0) {
            throw new StartupCheckFailed(
                    NAME + "tokens.key-lifetime is %s, and must be an hour or more.".formatted(tokens.keyLifetime()));
        }
        if (tokens.keyOverlap().compareTo(tokens.lifetime()) < 0) {
            throw new StartupCheckFailed(NAME
                    + "tokens.key-overlap is %s, and must not be below %stokens.lifetime (%s)."
                            .formatted(tokens.keyOverlap(), NAME, tokens.lifetime()));
        }
        quotable("tokens.service", tokens.service());
        quotable("tokens.issuer", tokens.issuer());
    }

    private static void between(String setting, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new StartupCheckFailed(
                    NAME + "%s is %s, and must be from %s to %s.".formatted(setting, value, least, most));
        }
    }

    /** It stands in a header, between quotation marks. */
    private static void quotable(String setting, String value) {
        boolean plain = value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
        if (value.isEmpty() || value.length() > 255 || !plain) {
            throw new StartupCheckFailed(
                    NAME + setting + " must have 1 to 255 visible characters, and none of them \" or \\.");
        }
    }

    private static void checkProxy(String text) {
        if (Network.parse(text).isEmpty()) {
            throw new StartupCheckFailed(
                    "moorage.http.trusted-proxies has %s, and each must be an address or a network as 10.0.0.0/8 or 2001:db8::/32, with no bits behind its length."
                            .formatted(text));
        }
    }

    private static void checkHost(URI host) {
        boolean usable = ("http".equals(host.getScheme()) || "https".equals(host.getScheme()))
                && host.getHost() != null
                && host.getUserInfo() == null
                && host.getRawPath().isEmpty()
                && host.getRawQuery() == null
                && host.getRawFragment() == null;
        if (!usable) {
            throw new StartupCheckFailed(
                    "moorage.http.hosts has %s, and each must be of the form https://host or https://host:port, without a path."
                            .formatted(host));
        }
    }
}
