package dev.moorage.http;

import dev.moorage.config.MoorageConfig;
import dev.moorage.config.ServerCertificate;
import dev.moorage.config.StartupCheckFailed;
import dev.moorage.config.TlsConfig;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The certificate that TLS is spoken with: that of the files, as they were when they last fitted each other.
 *
 * <p>Each handshake takes the one that is there. Connections that are open keep theirs, and nothing is opened anew.
 */
@Singleton
class ReloadedCertificate implements HttpServerOptionsCustomizer {

    private static final Logger LOG = Logger.getLogger(ReloadedCertificate.class);

    private final Optional<Files> files;
    private final CurrentKeys keys = new CurrentKeys();
    private Optional<ServerCertificate> current = Optional.empty();
    // What was last complained of, so that it is said once.
    private String said = "";

    private record Files(Path certificate, Path key) {}

    ReloadedCertificate(MoorageConfig config) {
        TlsConfig tls = config.http().tls();
        this.files = tls.certificate().flatMap(certificate -> tls.key().map(key -> new Files(certificate, key)));
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        files.ifPresent(pair -> {
            take(ServerCertificate.of(
                    ServerCertificate.content(pair.certificate, pair.key), pair.certificate, pair.key));
            options.setKeyCertOptions(KeyCertOptions.wrap(keys));
        });
    }

    // Without a certificate it finds nothing to do.
    @Scheduled(
            every = "${moorage.http.tls.reload-interval}",
            delayed = "${moorage.http.tls.reload-interval}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void look() {
        files.ifPresent(this::look);
    }

    private synchronized void look(Files pair) {
        if (current.isEmpty()) {
            // The start has not come to it yet.
            return;
        }
        try {
            ServerCertificate.Content content = ServerCertificate.content(pair.certificate, pair.key);
            if (current.map(ServerCertificate::bytes).filter(content::equals).isEmpty()) {
                take(ServerCertificate.of(content, pair.certificate, pair.key));
                LOG.infof(
                        "A new certificate serves from now on, good until %s",
                        current.orElseThrow().leaf().getNotAfter().toInstant());
            }
            current.flatMap(certificate -> certificate.complaint(Instant.now()))
                    .ifPresentOrElse(
                            complaint -> say("The certificate of moorage.http.tls.certificate " + complaint),
                            () -> said = "");
        } catch (StartupCheckFailed bad) {
            // Files that are written one after the other do not fit each other for a moment.
            say("The new certificate is not taken, and the one before serves on: " + bad.getMessage());
        }
    }

    private synchronized void take(ServerCertificate certificate) {
        current = Optional.of(certificate);
        keys.use(certificate.keys());
        certificate
                .complaint(Instant.now())
                .ifPresent(complaint -> say("The certificate of moorage.http.tls.certificate " + complaint));
    }

    private void say(String complaint) {
        if (!complaint.equals(said)) {
            said = complaint;
            LOG.warn(complaint);
        }
    }
}
