package dev.moorage.config;

import java.nio.file.Path;

/** Refuses a certificate and a key that TLS cannot be spoken with. */
final class StartupCheckTls {

    private StartupCheckTls() {}

    static void check(TlsConfig tls) {
        StartupCheck.positive("moorage.http.tls.reload-interval", tls.reloadInterval());
        if (tls.certificate().isEmpty() && tls.key().isEmpty()) {
            return;
        }
        Path certificate = tls.certificate()
                .orElseThrow(() -> new StartupCheckFailed(
                        "moorage.http.tls.certificate is not set, and moorage.http.tls.key is nothing without it."));
        Path key = tls.key()
                .orElseThrow(() -> new StartupCheckFailed(
                        "moorage.http.tls.key is not set, and moorage.http.tls.certificate is nothing without it."));
        ServerCertificate.of(ServerCertificate.content(certificate, key), certificate, key);
    }

    /** What is said of the port in the clear must fit the one that speaks TLS. */
    static void checkPorts(TlsConfig tls, String insecure, String port, String tlsPort) {
        if (insecure.isEmpty()) {
            return;
        }
        if (tls.certificate().isEmpty()) {
            if (!insecure.equals("enabled")) {
                throw new StartupCheckFailed(
                        "quarkus.http.insecure-requests is %s, and nothing speaks TLS instead: moorage.http.tls.certificate is not set."
                                .formatted(insecure));
            }
        } else if (!insecure.equals("disabled") && (tlsPort.isEmpty() || tlsPort.equals(port))) {
            throw new StartupCheckFailed(
                    "quarkus.http.insecure-requests is %s, and needs a quarkus.http.ssl-port other than quarkus.http.port (%s)."
                            .formatted(insecure, port));
        }
    }
}
