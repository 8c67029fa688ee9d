package dev.moorage.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What kustomize makes of the overlays, {@code OVERLAY.yaml} each, in the folder that the system property names. */
@EnabledIfSystemProperty(
        named = "moorage.kubernetes.rendered",
        matches = ".*",
        disabledReason = "nobody has rendered the overlays: .ci/run install build kubernetes does")
class RenderedManifestsTest {

    // docs/kubernetes.md says who makes these.
    private static final Set<String> PROVIDED = Set.of("moorage-db-app", "moorage-db-ca", "moorage-trust");

    static List<Path> rendered() {
        return Manifests.files(Path.of(System.getProperty("moorage.kubernetes.rendered")), ".yaml");
    }

    @Test
    void everyOverlayIsThere() throws IOException {
        try (Stream<Path> overlays = Files.list(Manifests.OVERLAYS)) {
            assertThat(rendered())
                    .extracting(file -> file.getFileName().toString())
                    .isNotEmpty()
                    .containsAll(overlays.map(folder -> folder.getFileName() + ".yaml")
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void everyFieldIsOneThatKubernetesHasAndAllFitsTogether(Path file) throws IOException {
        assertThat(Rules.complaints(Installation.of(file, PROVIDED))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void nameOfTheRegistryIsTheSameEverywhere(Path file) throws IOException {
        var installation = Installation.of(file, PROVIDED);
        var host = installation
                .all(ConfigMap.class)
                .map(map -> map.getData().get("MOORAGE_HTTP_HOSTS"))
                .filter(hosts -> hosts != null)
                .findFirst()
                .orElseThrow()
                .replaceFirst("https?://", "");

        assertThat(Stream.concat(
                        installation
                                .all(Ingress.class)
                                .map(ingress ->
                                        ingress.getSpec().getRules().getFirst().getHost()),
                        installation
                                .all(HTTPRoute.class)
                                .map(route -> route.getSpec().getHostnames().getFirst())))
                .allMatch(host::equals);
    }

    /** The overlay on-prem with the component for migrations, which it has not by itself. */
    @Test
    void jobThatMigratesReachesTheDatabaseAsReplicasDoAndTheseDoNotMigrate() throws IOException {
        var installation = Installation.of(
                Path.of(System.getProperty("moorage.kubernetes.rendered")).resolve("on-prem-migration.yaml"), PROVIDED);
        var replicas = variables(installation, "Deployment moorage");
        var job = variables(installation, "Job moorage-migration");

        assertThat(job).contains("QUARKUS_DATASOURCE_USERNAME", "QUARKUS_DATASOURCE_PASSWORD");
        assertThat(job).doesNotContain("MOORAGE_DATABASE_MIGRATE").isSubsetOf(replicas);
        assertThat(replicas).contains("MOORAGE_DATABASE_MIGRATE");
    }

    private static List<String> variables(Installation installation, String workload) {
        return installation
                .workloads()
                .filter(each -> each.name().equals(workload))
                .flatMap(each -> each.containers())
                .flatMap(container -> container.getEnv().stream())
                .map(EnvVar::getName)
                .toList();
    }

    @Test
    void whatSomebodyElseMakesIsDescribed() throws IOException {
        assertThat(Files.readString(Path.of("docs/kubernetes.md"))).contains(PROVIDED);
    }

    @Test
    void inTheCloudTheStoreIsReachedByTheRoleOfTheServiceAccountAndNoKey() throws IOException {
        var cloud = Installation.of(
                Path.of(System.getProperty("moorage.kubernetes.rendered")).resolve("cloud.yaml"), PROVIDED);

        assertThat(cloud.named(ServiceAccount.class, "moorage")
                        .orElseThrow()
                        .getMetadata()
                        .getAnnotations())
                .containsKey("eks.amazonaws.com/role-arn");
        assertThat(cloud.objects().toString()).doesNotContain("MOORAGE_STORAGE_S3_SECRET_KEY");
    }
}
