package dev.moorage.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be seen of {@code k8s/} without kustomize; {@link RenderedManifestsTest} looks at what that makes of it. */
class ManifestFilesTest {

    private static final Properties PROGRAM = Manifests.variables(Path.of("src/main/resources/application.properties"));

    static List<Path> objects() {
        return Manifests.objects();
    }

    static List<Path> kustomizations() {
        return Manifests.kustomizations();
    }

    static List<Path> settings() {
        return Manifests.files(Manifests.ROOT, "settings.env");
    }

    static List<Path> secrets() {
        return Manifests.files(Manifests.ROOT, "secrets.env.example");
    }

    @ParameterizedTest
    @MethodSource("objects")
    void everyFieldIsOneThatKubernetesHas(Path file) throws IOException {
        assertThat(StrictModel.trees(file)).isNotEmpty().allSatisfy(StrictModel::read);
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void everyFileIsNamedBesideIt(Path file) throws IOException {
        var folder = file.getParent();
        var tree = StrictModel.trees(file).getFirst();
        var named = Stream.of("resources", "components")
                .flatMap(list -> texts(tree.path(list)))
                .toList();
        var text = Files.readString(file);

        assertThat(named).isNotEmpty().allSatisfy(name -> assertThat(folder.resolve(name))
                .exists());
        try (var beside = Files.list(folder)) {
            assertThat(beside.map(it -> it.getFileName().toString())
                            .filter(name -> name.endsWith(".yaml") || name.endsWith(".env"))
                            .filter(name -> !name.equals("kustomization.yaml")))
                    .allSatisfy(name -> assertThat(text).contains(name));
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everySettingIsOneOfTheProgram(Path file) {
        var names = Manifests.variables(file).stringPropertyNames();

        assertThat(names).isNotEmpty();
        assertThat(SettingRules.unknown(names.stream())).isEmpty();
    }

    @Test
    void settingThatIsNoneOrWasFixedWhenTheProgramWasBuiltIsNotTaken() {
        assertThat(SettingRules.unknown(Stream.of(
                        "QUARKUS_HTTP_PORT",
                        "QUARKUS_HTTP_PROT",
                        "QUARKUS_MANAGEMENT_ENABLED",
                        "MOORAGE_STORAGE_S3_BUCKET",
                        "MOORAGE_STORAGE_S3_BUKET",
                        "JAVA_TOOL_OPTIONS")))
                .containsExactly("QUARKUS_HTTP_PROT", "QUARKUS_MANAGEMENT_ENABLED", "MOORAGE_STORAGE_S3_BUKET");
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void secretsAreLeftToWhoeverInstalls(Path file) throws IOException {
        var names = Manifests.variables(file);

        assertThat(names).isNotEmpty();
        assertThat(names.values()).containsOnly("");
        assertThat(Files.readString(Path.of(".gitignore"))).contains("secrets.env");
    }

    @Test
    void portsAndProbesAreThoseOfTheProgram() throws IOException {
        var container = container(deployment());

        assertThat(container.at("/ports/0/containerPort").asText()).isEqualTo(PROGRAM.get("quarkus.http.port"));
        assertThat(container.at("/ports/1/containerPort").asText()).isEqualTo(PROGRAM.get("quarkus.management.port"));
        assertThat(PROGRAM).containsEntry("quarkus.management.enabled", "true");
        assertThat(PROGRAM.stringPropertyNames())
                .as("settings that would move the probes away from /q/health")
                .doesNotContain("quarkus.management.root-path")
                .noneMatch(name -> name.startsWith("quarkus.smallrye-health.") && name.endsWith("-path"));
        assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/q/health/started");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/q/health/ready");
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/q/health/live");
        assertThat(Manifests.variables(Manifests.BASE.resolve("settings.env")))
                .as("the addresses of both ports")
                .containsEntry("QUARKUS_HTTP_HOST", "0.0.0.0")
                .containsEntry("QUARKUS_MANAGEMENT_HOST", "0.0.0.0");
    }

    @Test
    void podsHaveTheTimeThatTheProgramTakesToEnd() throws IOException {
        var grace = deployment()
                .at("/spec/template/spec/terminationGracePeriodSeconds")
                .asInt();
        var settings = Manifests.variables(Manifests.BASE.resolve("settings.env"));

        assertThat(seconds(settings, "MOORAGE_DRAIN_DELAY")).isPositive();
        assertThat(grace)
                .isGreaterThanOrEqualTo(
                        seconds(settings, "MOORAGE_DRAIN_DELAY") + seconds(settings, "MOORAGE_DRAIN_TIMEOUT") + 15);
    }

    private static int seconds(Properties settings, String name) {
        return Math.toIntExact(Duration.parse("PT" + settings.getProperty(name)).toSeconds());
    }

    @Test
    void alertsAreThoseForPrometheusWithoutAnOperator() throws IOException {
        var alerts = StrictModel.trees(Path.of("k8s/components/monitoring/alerts.yaml"))
                .getFirst();
        var others = StrictModel.trees(Path.of("ops/prometheus-rules.yaml")).getFirst();

        assertThat(alerts.at("/spec/groups")).isNotEmpty().isEqualTo(others.path("groups"));
    }

    @Test
    void imagesAreOfTheVersionOfThisTree() throws IOException {
        var version =
                Files.readString(Path.of("pom.xml")).split("<version>", 2)[1].split("<", 2)[0];

        assertThat(container(deployment()).path("image").asText()).isEqualTo("moorage:" + version);
        for (var file : Manifests.files(Manifests.OVERLAYS, "kustomization.yaml")) {
            assertThat(StrictModel.trees(file).getFirst().at("/images/0/newTag").asText())
                    .as(file.toString())
                    .isEqualTo(version);
        }
    }

    @Test
    void theBaseFitsTogether() throws IOException {
        var trees = new ArrayList<JsonNode>();
        for (var file : Manifests.objects()) {
            if (file.startsWith(Manifests.BASE)) {
                trees.addAll(StrictModel.trees(file));
            }
        }

        assertThat(Rules.complaints(Installation.of(Manifests.base(trees), Manifests.generated())))
                .isEmpty();
    }

    private static JsonNode deployment() throws IOException {
        return StrictModel.trees(Manifests.BASE.resolve("deployment.yaml")).getFirst();
    }

    private static JsonNode container(JsonNode deployment) {
        return deployment.at("/spec/template/spec/containers/0");
    }

    private static Stream<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText);
    }
}
