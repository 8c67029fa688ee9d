package dev.moorage.browser;

import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import java.net.URI;
import java.util.Optional;

/** The programs whose console the tests look at, one in each mode for all tests of a JVM. */
final class ConsolePrograms {

    /** What the account {@code admin} of the secured one logs in by. */
    static final String PASSWORD = "the first password";

    private ConsolePrograms() {}

    /** The one in open mode; that at the address of system property {@code moorage.test.url} where it is set. */
    static RegistryClient open() {
        return Open.CLIENT;
    }

    /** The one in secured mode, as its administrator's client meets it. */
    static RegistryClient secured() {
        return Secured.CLIENT;
    }

    private static final class Open {
        private static final RegistryClient CLIENT = Optional.ofNullable(System.getProperty("moorage.test.url"))
                .map(url -> new RegistryClient(URI.create(url)))
                .orElseGet(() -> start("console-open", MoorageProcess.Settings.usual()));
    }

    private static final class Secured {
        private static final RegistryClient CLIENT = start(
                        "console-secured",
                        MoorageProcess.Settings.usual()
                                .property("moorage.access.mode", "secured")
                                .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                                .property("moorage.organizations.auto-create", "true")
                                .property("moorage.access.admin-password", PASSWORD))
                .showing("admin", PASSWORD);
    }

    private static RegistryClient start(String label, MoorageProcess.Settings settings) {
        // Webhooks may be told to addresses of this machine, and reports of storage come soon.
        MoorageProcess program = MoorageProcess.start(
                label,
                settings.property("moorage.outbound.allowed-networks", "127.0.0.0/8")
                        .property("moorage.uploads.reaper-interval", "1s"));
        Runtime.getRuntime().addShutdownHook(new Thread(program::close));
        return program.client();
    }
}
