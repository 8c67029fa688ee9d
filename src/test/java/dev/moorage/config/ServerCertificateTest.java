package dev.moorage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.testing.TestCertificate;
import dev.moorage.testing.TestSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files a program speaks TLS with, and what it says of the others. */
class ServerCertificateTest {

    private static final String CERTIFICATE = "moorage.http.tls.certificate";
    private static final String KEY = "moorage.http.tls.key";

    @TempDir
    static Path folder;

    private static TestCertificate good;
    private static Path certificate;
    private static Path key;

    @BeforeAll
    static void make() {
        good = TestCertificate.make(folder, "EC");
        certificate = good.writeCertificate(folder.resolve("good.pem"));
        key = good.writeKey(folder.resolve("good.key"));
    }

    @Test
    void aCertificateAndItsKeyAreTaken() {
        assertThatCode(() -> check(certificate, key)).doesNotThrowAnyException();
        assertThat(read(certificate, key).complaint(Instant.now())).isEmpty();
        TestCertificate other = TestCertificate.make(folder, "RSA");
        Path otherKey = other.writeKey(folder.resolve("rsa.key"));
        assertThatCode(() -> check(other.writeCertificate(folder.resolve("rsa.pem")), otherKey))
                .doesNotThrowAnyException();
        // Of the same kind, and of another.
        TestCertificate third = TestCertificate.make(folder, "EC");
        assertRefused(
                KEY, "is not the key of the certificate", certificate, third.writeKey(folder.resolve("third.key")));
        assertRefused(KEY, "is not the key of the certificate", certificate, otherKey);
    }

    @Test
    void whatIsNoCertificateOrNoKeyIsRefusedByItsSetting() throws IOException {
        Path absent = folder.resolve("absent");
        Path text = Files.writeString(folder.resolve("text"), "no PEM at all\n");
        Path encrypted = Files.writeString(
                folder.resolve("encrypted"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGj\n-----END ENCRYPTED PRIVATE KEY-----\n");
        assertRefused(CERTIFICATE, "no such file", absent, key);
        assertRefused(KEY, "no such file", certificate, absent);
        assertRefused(CERTIFICATE, "cannot be read", folder, key);
        assertRefused(CERTIFICATE, "holds no certificate", text, key);
        assertRefused(CERTIFICATE, "holds no certificate", key, certificate);
        assertRefused(KEY, "holds no private key", certificate, text);
        assertRefused(KEY, "not encrypted", certificate, encrypted);
    }

    @Test
    void oneFileWithoutTheOtherIsRefused() {
        assertThat(refusal(Map.of(CERTIFICATE, certificate.toString()))).startsWith(KEY);
        assertThat(refusal(Map.of(KEY, key.toString()))).startsWith(CERTIFICATE);
    }

    @Test
    void aPortInTheClearThatDoesNotFitIsRefused() {
        TlsConfig without = TestSettings.with(Map.of()).http().tls();
        TlsConfig with = TestSettings.with(Map.of(CERTIFICATE, certificate.toString(), KEY, key.toString()))
                .http()
                .tls();
        for (String wrong : new String[] {"redirect", "disabled"}) {
            assertThat(catchThrowableOfType(
                            StartupCheckFailed.class, () -> StartupCheckTls.checkPorts(without, wrong, "5000", "8443")))
                    .hasMessageContaining("quarkus.http.insecure-requests is " + wrong);
        }
        assertThat(catchThrowableOfType(
                        StartupCheckFailed.class, () -> StartupCheckTls.checkPorts(with, "redirect", "5000", "5000")))
                .hasMessageContaining("quarkus.http.ssl-port");
        StartupCheckTls.checkPorts(with, "redirect", "5000", "5443");
        StartupCheckTls.checkPorts(with, "disabled", "5000", "5000");
        StartupCheckTls.checkPorts(with, "", "5000", "5000");
        StartupCheckTls.checkPorts(without, "enabled", "5000", "");
    }

    @Test
    void anExpiredCertificateIsTakenAndComplainedOf() {
        TestCertificate old = TestCertificate.expired(folder);
        ServerCertificate taken =
                read(old.writeCertificate(folder.resolve("old.pem")), old.writeKey(folder.resolve("old.key")));
        assertThat(taken.complaint(Instant.now()))
                .hasValueSatisfying(text -> assertThat(text).startsWith("expired at "));
        assertThat(taken.complaint(Instant.now().minusSeconds(800L * 86_400)))
                .hasValueSatisfying(text -> assertThat(text).startsWith("is not valid before "));
    }

    private static ServerCertificate read(Path certificate, Path key) {
        return ServerCertificate.of(ServerCertificate.content(certificate, key), certificate, key);
    }

    private static void check(Path certificate, Path key) {
        StartupCheck.check(
                TestSettings.with(Map.of(CERTIFICATE, certificate.toString(), KEY, key.toString())), "127.0.0.1");
    }

    private static void assertRefused(String setting, String because, Path certificate, Path key) {
        assertThat(refusal(Map.of(CERTIFICATE, certificate.toString(), KEY, key.toString())))
                .startsWith(setting + " ")
                .contains(because)
                .doesNotContain("Exception", "\n");
    }

    private static String refusal(Map<String, String> settings) {
        return catchThrowableOfType(
                        StartupCheckFailed.class, () -> StartupCheck.check(TestSettings.with(settings), "127.0.0.1"))
                .getMessage();
    }
}
