package dev.moorage.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.config.StartupCheckFailed;
import dev.moorage.testing.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ManagementPortTest {

    @Test
    void probesAreOnAPortOfTheirOwnOfTheLoopbackInterfaceUnlessTheOperatorSaysOtherwise() throws IOException {
        Properties settings = new Properties();
        try (InputStream file = getClass().getResourceAsStream("/application.properties")) {
            settings.load(file);
        }
        assertThat(settings)
                .containsEntry("quarkus.management.enabled", "true")
                .containsEntry("quarkus.management.host", "127.0.0.1")
                .containsEntry("quarkus.management.port", "5001");
    }

    @Test
    void freePortIsTaken() {
        assertThatCode(() -> port(Ports.free(), 1).demandFree()).doesNotThrowAnyException();
    }

    @Test
    void portOfAnotherProgramIsRefusedByTheNameOfItsSetting() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> port(other.getLocalPort(), 1).demandFree())
                    .isInstanceOf(StartupCheckFailed.class)
                    .hasMessageContaining("127.0.0.1:" + other.getLocalPort() + " of quarkus.management.host");
        }
    }

    @Test
    void portOfTheRegistryItselfIsRefused() {
        assertThatThrownBy(() -> port(5001, 5001).demandFree())
                .isInstanceOf(StartupCheckFailed.class)
                .hasMessageStartingWith("quarkus.http.port and quarkus.management.port are both 5001");
    }

    private static ManagementPort port(int port, int registryPort) {
        return new ManagementPort(true, "127.0.0.1", port, registryPort);
    }
}
