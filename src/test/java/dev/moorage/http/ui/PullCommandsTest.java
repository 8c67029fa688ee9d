package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.ui.PullCommands.Command;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PullCommandsTest {

    private static final RepositoryName WEB = new RepositoryName("acme/web");
    private static final Digest DIGEST =
            Digest.parse("sha256:" + "ab".repeat(32)).orElseThrow();

    @Test
    void imageIsPulledByEveryEngine() {
        assertThat(new PullCommands("registry.acme.example", true, WEB).of(Artifact.IMAGE, new Tag("v1")))
                .containsExactly(
                        new Command("docker", "docker pull registry.acme.example/acme/web:v1"),
                        new Command("podman", "podman pull registry.acme.example/acme/web:v1"),
                        new Command("nerdctl", "nerdctl pull registry.acme.example/acme/web:v1"),
                        new Command("ctr", "ctr images pull registry.acme.example/acme/web:v1"));
    }

    @Test
    void clientsAreToldWhereThereIsNoTls() {
        PullCommands commands = new PullCommands("localhost:5000", false, WEB);
        assertThat(commands.of(Artifact.IMAGE, DIGEST))
                .extracting(Command::text)
                .containsExactly(
                        "docker pull localhost:5000/acme/web@" + DIGEST,
                        "podman pull --tls-verify=false localhost:5000/acme/web@" + DIGEST,
                        "nerdctl pull --insecure-registry localhost:5000/acme/web@" + DIGEST,
                        "ctr images pull --plain-http localhost:5000/acme/web@" + DIGEST);
    }

    @Test
    void chartIsPulledByItsVersionAndAnythingElseByOras() {
        PullCommands commands = new PullCommands("[::1]:5000", false, WEB);
        assertThat(commands.of(Artifact.CHART, new Tag("1.2.3_build.4")))
                .extracting(Command::text)
                .containsExactly(
                        "helm pull --plain-http oci://[::1]:5000/acme/web --version 1.2.3+build.4",
                        "oras pull --plain-http [::1]:5000/acme/web:1.2.3_build.4");
        assertThat(commands.of(Artifact.OTHER, DIGEST))
                .extracting(Command::text)
                .containsExactly("oras pull --plain-http [::1]:5000/acme/web@" + DIGEST);
    }

    @Property
    void nothingThatAShellReadsComesFromTheHost(@ForAll String host) {
        for (Command command : new PullCommands("x;$(reboot)" + host, false, WEB).of(Artifact.IMAGE, new Tag("v1"))) {
            assertThat(command.text()).contains("registry.example/acme/web:v1");
        }
        for (Command command : new PullCommands(host, true, WEB).of(Artifact.CHART, new Tag("v1"))) {
            assertThat(command.text()).matches("[A-Za-z0-9._:/@+\\[\\] -]+");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "IMAGE, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.config.v1+json",
        "IMAGE, application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.container.image.v1+json",
        "IMAGE, application/vnd.oci.image.index.v1+json,",
        "IMAGE, application/vnd.docker.distribution.manifest.list.v2+json,",
        "CHART, application/vnd.oci.image.manifest.v1+json, application/vnd.cncf.helm.config.v1+json",
        "OTHER, application/vnd.oci.image.manifest.v1+json, application/vnd.wasm.config.v0+json",
        "OTHER, application/vnd.oci.image.index.v1+json, application/vnd.acme.bundle"
    })
    void kindOfArtifactFollowsItsType(Artifact artifact, String mediaType, String artifactType) {
        assertThat(Artifact.of(mediaType, Optional.ofNullable(artifactType))).isEqualTo(artifact);
    }
}
