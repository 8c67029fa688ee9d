package dev.moorage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.moorage.config.StartupCheckFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementTest {

    @TempDir
    Path temporary;

    @Test
    void nameThatAShellWouldReadIsRefused() {
        for (String name : new String[] {"a$HOME", "a\"b", "a`id`", "a\\b", "a\nb"}) {
            assertThatThrownBy(() -> Placement.choose(temporary.resolve(name)))
                    .isInstanceOf(StartupCheckFailed.class)
                    .hasMessageContaining("moorage.data-directory");
            assertThat(temporary.resolve(name)).doesNotExist();
        }
    }

    @Test
    void userWhoIsNotRootRunsTheServerAsHimself() throws Exception {
        assumeTrue(!ServerUser.currentIsRoot());
        Placement placement = Placement.choose(temporary.resolve("data"));
        assertThat(placement.user()).isEqualTo(new ServerUser.Same());
        assertThat(placement.note()).isEmpty();
    }

    @Test
    void rootUsesTheFilesOfAnotherUserAsThatUser() throws Exception {
        assumeTrue(ServerUser.currentIsRoot());
        assumeTrue(new ServerUser.Other(ServerUser.NOBODY, ServerUser.NOBODY).reaches(Path.of("/")));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        DataDirectory data = new DataDirectory(temporary.toRealPath());
        Files.createDirectories(data.cluster());
        new ServerUser.Other(1234, 4321).give(data.cluster());
        Placement placement = Placement.choose(temporary);
        assertThat(placement.user()).isEqualTo(new ServerUser.Other(1234, 4321));
        assertThat(placement.note()).hasValueSatisfying(note -> assertThat(note).contains("1234"));
    }

    @Test
    void rootIsRefusedWhereTheOwnerOfTheFilesCannotEnter() throws Exception {
        assumeTrue(ServerUser.currentIsRoot());
        DataDirectory data = new DataDirectory(temporary.toRealPath());
        Files.createDirectories(data.cluster());
        new ServerUser.Other(1234, 4321).give(data.cluster());
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> Placement.choose(temporary))
                .isInstanceOf(StartupCheckFailed.class)
                .hasMessageContaining("1234");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary)))
                .isEqualTo("rwx------");
    }

    @Test
    void directoryClosedToOthersServesRootInANamespaceAndStaysClosed() throws Exception {
        assumeTrue(ServerUser.currentIsRoot());
        assumeTrue(new ServerUser.Namespace().reaches(temporary));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx------"));
        Placement placement = Placement.choose(temporary);
        assertThat(placement.user()).isEqualTo(new ServerUser.Namespace());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary)))
                .isEqualTo("rwx------");
    }
}
