package dev.moorage.config;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Refuses settings that cannot be meant, before anything is started with them. */
public final class StartupCheck {

    // A row is read and written in one piece, and up to 64 of them together.
    private static final int LARGEST_ROW = 128 * 1024;

    // Far above every use, far below what the database's calendar holds.
    private static final Duration LONGEST = Duration.ofDays(36_500);

    // Above the priority of every converter that is found by itself.
    private static final int STRICT = 10_000;

    private StartupCheck() {}

    /**
     * The settings, read and checked.
     *
     * @throws StartupCheckFailed with one sentence that names the setting
     */
    public static MoorageConfig settings(ConfigSourceContext context) {
        EnvironmentCheck.check(System.getenv().keySet());
        // The same sources as the program's own settings, read a moment earlier.
        MoorageConfig settings = read(new SmallRyeConfigBuilder()
                .withProfiles(context.getProfiles().reversed())
                .withSources(context.getConfigSources())
                .addDefaultInterceptors());
        String host = context.getValue("quarkus.http.host") == null
                ? "0.0.0.0"
                : context.getValue("quarkus.http.host").getValue();
        check(settings, host);
        StartupCheckTls.checkPorts(
                settings.http().tls(),
                word(context, "quarkus.http.insecure-requests"),
                word(context, "quarkus.http.port"),
                word(context, "quarkus.http.ssl-port"));
        StartupCheckAccess.checkDatabase(settings, context.getValue("quarkus.datasource.jdbc.url"));
        return settings;
    }

    private static String word(ConfigSourceContext context, String name) {
        ConfigValue value = context.getValue(name);
        return value == null || value.getValue() == null
                ? ""
                : value.getValue().strip().toLowerCase(Locale.ROOT);
    }

    static MoorageConfig read(SmallRyeConfigBuilder builder) {
        try {
            SmallRyeConfig config = builder.addDiscoveredConverters()
                    .withConverter(Boolean.class, STRICT, StartupCheck::trueOrFalse)
                    .withMapping(MoorageConfig.class)
                    .build();
            return config.getConfigMapping(MoorageConfig.class);
        } catch (ConfigValidationException e) {
            throw new StartupCheckFailed(SettingsComplaint.of(e), e);
        }
    }

    static void check(MoorageConfig settings, String host) {
        checkAddress(settings, host);
        StartupCheckAccess.check(settings);
        StartupCheckOutbound.check(settings);
        StartupCheckOidc.check(settings);
        StartupCheckTls.check(settings.http().tls());
        notNegative("moorage.drain.delay", settings.drain().delay());
        notNegative("moorage.drain.timeout", settings.drain().timeout());
        usableDirectory("moorage.data-directory", settings.dataDirectory());
        settings.storage().directory().ifPresent(directory -> usableDirectory("moorage.storage.directory", directory));
        rows(settings.storage().rowsUpTo());
        positive("moorage.uploads.expiry", settings.uploads().expiry());
        positive("moorage.uploads.concurrent", settings.uploads().concurrent());
        positive("moorage.uploads.open-per-organization", settings.uploads().openPerOrganization());
        positive("moorage.uploads.resume-point-bytes", settings.uploads().resumePointBytes());
        positive("moorage.uploads.reaper-interval", settings.uploads().reaperInterval());
        positive("moorage.uploads.sweep-interval", settings.uploads().sweepInterval());
        notNegative("moorage.uploads.removal-delay", settings.uploads().removalDelay());
        notNegative("moorage.undo.window", settings.undo().window());
        StartupCheckCollection.check(settings.collection());
        StartupCheckWebhooks.check(settings.webhooks());
        notNegative("moorage.audit.keep", settings.audit().keep());
        notNegative("moorage.audit.keep-denied", settings.audit().keepDenied());
        StartupCheckAccess.checkSessions(settings.console());
        if (settings.storage().type() == MoorageConfig.StorageType.S3) {
            StartupCheckS3.check(settings);
        }
    }

    // Elsewhere every word that is not 'true' is false, a misspelt one too.
    private static Boolean trueOrFalse(String word) {
        return switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("Expected true or false, got \"" + word + "\"");
        };
    }

    private static void checkAddress(MoorageConfig settings, String host) {
        if (loopback(host)) {
            return;
        }
        boolean secured = settings.access().mode() == MoorageConfig.Mode.SECURED;
        if (!secured && !settings.access().allowOpenOnNetwork()) {
            throw new StartupCheckFailed(
                    "quarkus.http.host is %s, where other machines could read, write and delete everything without a password: serve on 127.0.0.1, demand one with moorage.access.mode=secured, or accept that with moorage.access.allow-open-on-network=true."
                            .formatted(host));
        }
        if (secured && settings.http().hosts().isEmpty()) {
            throw new StartupCheckFailed(
                    "quarkus.http.host is %s, and moorage.http.hosts does not say by which addresses clients reach it, as https://registry.example.com."
                            .formatted(host));
        }
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new StartupCheckFailed(
                    "quarkus.http.host is %s, which is no address of this machine.".formatted(host), e);
        }
    }

    private static void usableDirectory(String name, Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        Path existing = absolute;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing)) {
            throw new StartupCheckFailed("%s is %s, and %s is no directory.".formatted(name, absolute, existing));
        }
        if (!Files.isWritable(existing)) {
            throw new StartupCheckFailed(
                    "%s is %s, and this user may not write to %s.".formatted(name, absolute, existing));
        }
    }

    private static void rows(int bytes) {
        if (bytes < 0 || bytes > LARGEST_ROW) {
            throw new StartupCheckFailed(
                    "moorage.storage.rows-up-to is %d, and must be from 0 to %d.".formatted(bytes, LARGEST_ROW));
        }
    }

    static void positive(String name, long value) {
        if (value <= 0) {
            throw new StartupCheckFailed("%s is %d, and must be above 0.".formatted(name, value));
        }
    }

    static void positive(String name, Duration value) {
        notNegative(name, value);
        if (value.isZero()) {
            throw new StartupCheckFailed("%s is no time at all, and must be above 0.".formatted(name));
        }
    }

    static void notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new StartupCheckFailed("%s is negative (%s).".formatted(name, value));
        }
        if (value.compareTo(LONGEST) > 0) {
            throw new StartupCheckFailed("%s is longer than a hundred years (%s).".formatted(name, value));
        }
    }
}
