package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person sees of tags and manifests of the packaged program in open mode. */
class TagPagesIT {

    private static final RegistryClient REGISTRY = MoorageProcess.shared();
    private static final String HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>{frame.csrf}'";
    private static final String ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;";

    private final ImageFactory factory = ImageFactory.fresh();
    private ConsoleVisitor console;
    private RepositoryClient web;
    private String pages;

    @BeforeEach
    void begin() {
        console = new ConsoleVisitor(REGISTRY);
        web = REGISTRY.newRepository();
        pages = "/console/repositories/" + web.name() + "/-";
    }

    private Image image(Map<String, Object> config, Map<String, Object> more) {
        return factory.assemble(
                ImageFactory.OCI_MANIFEST,
                factory.json(ImageFactory.OCI_CONFIG, config),
                List.of(factory.blob(3000), factory.blob(1000)),
                more);
    }

    private static Map<String, Object> config(String environment, String step) {
        return Map.of(
                "os",
                "linux",
                "architecture",
                "amd64",
                "config",
                Map.of("Env", List.of(environment), "User", "app", "Labels", Map.of("stage", environment)),
                "history",
                List.of(
                        Map.of("created_by", "ADD base"),
                        Map.of("created_by", "ENV X", "empty_layer", true),
                        Map.of("created_by", step)));
    }

    @Test
    void tagShowsItsConfigurationAndItsLayersToScale() {
        Image image = web.push("v1", image(config("MODE=fast", "RUN make all"), Map.of()));

        String page = console.page(pages + "/tags/v1");

        assertThat(page)
                .contains(image.digest(), "MODE=fast", "ADD base", "RUN make all", "linux/amd64")
                .contains("width=\"75.000%\"", "width=\"25.000%\"")
                .contains("docker pull", web.name() + ":v1")
                .doesNotContain("style=", "<script>");
        assertThat(console.page(pages + "/manifests/" + image.digest())).contains("MODE=fast", "@" + image.digest());
        console.get(pages + "/tags/v2").expect(404);
        console.get(pages + "/manifests/sha256:1").expect(404);
        console.get("/console/repositories/nobody/nothing/-/tags/v1").expect(404);
    }

    @Test
    void whatIsHostileIsText() {
        Map<String, Object> config = Map.of(
                "os", HOSTILE,
                "architecture", HOSTILE,
                "author", HOSTILE,
                "config",
                        Map.of(
                                "Env", List.of(HOSTILE),
                                "Entrypoint", List.of(HOSTILE),
                                "User", HOSTILE,
                                "Labels",
                                        Map.of(
                                                HOSTILE,
                                                HOSTILE,
                                                "org.opencontainers.image.source",
                                                "javascript:alert(1)",
                                                "org.opencontainers.image.documentation",
                                                "https://example.com/?a=\"onmouseover=\"alert(1)")),
                "history", List.of(Map.of("created_by", HOSTILE), Map.of("created_by", HOSTILE)));
        Image image = web.push("v1", image(config, Map.of("annotations", Map.of(HOSTILE, HOSTILE))));
        web.push("v2", image(config("A=1", "RUN x"), Map.of()));

        for (String path : List.of(
                "/tags/v1",
                "/manifests/" + image.digest(),
                "/compare?from=v1&to=v2",
                "/compare?from=" + RegistryClient.encoded(HOSTILE))) {
            String page = console.page(pages + path);
            assertThat(page)
                    .as(path)
                    .contains(ESCAPED)
                    .doesNotContain("<script>", "<img src=x", "href=\"javascript:", "\"onmouseover");
        }
    }

    @Test
    void indexShowsItsPlatformsAndTheImageThatIsChosen() {
        Image one = web.push("one", image(config("ON=amd64", "RUN one"), Map.of()));
        Image two = web.push("two", image(config("ON=arm64", "RUN two"), Map.of()));
        web.put("all", factory.index(List.of(one.manifest(), two.manifest()), Map.of()))
                .expect(201);

        assertThat(console.page(pages + "/tags/all")).contains("linux/amd64", "linux/arm64", "ON=amd64");
        assertThat(console.page(pages + "/tags/all?platform=" + RegistryClient.encoded(two.digest())))
                .contains("ON=arm64")
                .doesNotContain("ON=amd64");
    }

    @Test
    void whatIsAboutAnImageStandsBelowItByItsKind() {
        Image image = web.push("v1", image(config("A=1", "RUN x"), Map.of()));
        Image sbom = factory.artifact(Optional.of("application/spdx+json"), image.manifest(), Map.of());
        web.pushBlobs(sbom);
        web.put(sbom.digest(), sbom.manifest()).expect(201);
        Image signature = factory.artifact(
                Optional.of("application/vnd.dev.cosign.artifact.sig.v1+json"), sbom.manifest(), Map.of());
        web.pushBlobs(signature);
        web.put(signature.digest(), signature.manifest()).expect(201);
        web.push(image.digest().replace(':', '-') + ".att", factory.image());

        String page = console.page(pages + "/tags/v1");

        assertThat(page)
                .contains(">SBOM<", ">signature<", ">attestation<")
                .contains(Shown.digest(sbom.digest()), Shown.digest(signature.digest()));
        assertThat(page.indexOf(Shown.digest(signature.digest())))
                .isGreaterThan(page.indexOf(Shown.digest(sbom.digest())));
    }

    @Test
    void whatIsNoImageIsShownAsFarAsItSaysAnything() {
        Content chart = factory.content(
                "application/vnd.cncf.helm.config.v1+json",
                "{\"name\":\"web\",\"version\":\"1.2.3\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        web.push("chart", factory.assemble(ImageFactory.OCI_MANIFEST, chart, List.of(factory.blob(50)), Map.of()));
        Content broken = factory.content(ImageFactory.OCI_CONFIG, new byte[] {'[', 1, 2});
        web.push("broken", factory.assemble(ImageFactory.OCI_MANIFEST, broken, List.of(), Map.of()));
        Content large = factory.content(ImageFactory.OCI_CONFIG, factory.bytes(1_100_000));
        web.push("large", factory.assemble(ImageFactory.OCI_MANIFEST, large, List.of(), Map.of()));

        assertThat(console.page(pages + "/tags/chart")).contains("1.2.3");
        assertThat(console.page(pages + "/tags/broken")).contains("not of the form that its type says");
        assertThat(console.page(pages + "/tags/large")).contains("longer than what is read of it");
    }

    @Test
    void comparisonSaysWhatIsFetched() {
        Content base = factory.blob(5000);
        Content first = factory.blob(100);
        Content second = factory.blob(200);
        for (String tag : List.of("v1", "v2")) {
            Content config = factory.json(ImageFactory.OCI_CONFIG, config("MODE=" + tag, "RUN " + tag));
            web.push(
                    tag,
                    factory.assemble(
                            ImageFactory.OCI_MANIFEST,
                            config,
                            List.of(base, tag.equals("v1") ? first : second),
                            Map.of()));
        }

        String page = console.page(pages + "/compare?from=v1&to=v2");

        assertThat(page).contains("shared", "added", "removed", "MODE", "v1", "v2", "RUN v2");
        assertThat(REGISTRY.get("/api/v1/repositories/" + web.name() + "/-/compare?from=v1&to=v2")
                        .expect(200)
                        .json()
                        .at("/comparison/fetched")
                        .asLong())
                .isBetween(201L, 2000L);
        assertThat(console.page(pages + "/compare")).contains("<form");
        console.get(pages + "/compare?from=v1&to=absent").expect(404);
    }

    @Test
    void whyIsToldInSentences() {
        Image image = web.push("v1", image(config("A=1", "RUN x"), Map.of()));

        assertThat(console.page(pages + "/why/" + image.digest())).contains("The tag", ">v1</a>", "names it.");
        assertThat(console.page(pages + "/why/" + image.blobs().getLast().digest()))
                .contains("The manifest", image.digest(), "needs it.");
        console.get(pages + "/why/sha256:" + "0".repeat(64)).expect(404);
    }

    @Test
    void managementApiTellsTheSame() {
        Image image = web.push("v1", image(config("MODE=fast", "RUN make"), Map.of("annotations", Map.of("a", "1"))));

        var inspected = REGISTRY.get("/api/v1/repositories/" + web.name() + "/-/manifests/v1")
                .expect(200)
                .json();

        assertThat(inspected.at("/digest").asText()).isEqualTo(image.digest());
        assertThat(inspected.at("/annotations/a").asText()).isEqualTo("1");
        assertThat(inspected.at("/config/state").asText()).isEqualTo("read");
        assertThat(inspected.at("/config/image/run/environment/0").asText()).isEqualTo("MODE=fast");
        assertThat(inspected.at("/layers/1/step/createdBy").asText()).isEqualTo("RUN make");
        assertThat(inspected.at("/pulls").asLong()).isZero();
    }
}
