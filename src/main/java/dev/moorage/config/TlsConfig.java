package dev.moorage.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** TLS that the program speaks itself. */
public interface TlsConfig {

    /** The file of the certificate, PEM, and behind it those that vouch for it; with it the port of {@code quarkus.http.port} speaks TLS alone, HTTP/2 too. A proxy may do that instead. */
    Optional<Path> certificate();

    /** The file of the certificate's private key, PEM and not encrypted; needed with {@code moorage.http.tls.certificate}. */
    Optional<Path> key();

    /** How often the two files are looked at; new ones serve every connection that is made from then on. */
    @WithDefault("10s")
    Duration reloadInterval();
}
