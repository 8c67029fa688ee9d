package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An organization in which something of everything has happened that the console shows.
 *
 * @param organization its name
 */
record ConsoleScene(RegistryClient client, String organization) {

    private static final String ICON = Base64.getEncoder().encodeToString("""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#2f6fb5"/>\
            <path d="M12 4v15M6 13c0 4 3 6 6 6s6-2 6-6M9 8h6" fill="none" stroke="#ffffff" stroke-width="2"/></svg>
            """.getBytes(StandardCharsets.UTF_8));
    /** How large the layer is that all images begin with. */
    private static final int BASE = 240_000;

    private static final String CREATED = "2026-05-04T10:00:00Z";

    /** Fills a new organization. */
    static ConsoleScene in(RegistryClient client, String organization) {
        ConsoleScene scene = new ConsoleScene(client, organization);
        RepositoryClient web = scene.web();
        web.push("0.8.0", scene.image("0.8.0", 10_000)); // what retention drops
        Image first = web.push("1.0.0", scene.image("1.0.0", 60_000));
        web.push("1.1.0", scene.image("1.1.0", 80_000));
        Image second = scene.image("1.2.0", 90_000);
        web.push("1.2.0", second);
        web.put("latest", first.manifest());
        web.put("latest", second.manifest());
        scene.attach(second);
        Image arm = scene.image("1.2.0", 70_000);
        web.pushBlobs(arm);
        web.put(arm.digest(), arm.manifest());
        web.put("stable", ImageFactory.fresh().index(List.of(second.manifest(), arm.manifest()), Map.of()));
        web.push("old", scene.image("0.9.0", 10_000));
        web.delete("manifests/old").expect(202);
        scene.repository("tools/lint").push("latest", scene.image("3.1.4", 20_000));
        scene.send("POST", scene.managed("immutability-rules"), "{\"pattern\":\"1.0.*\"}");
        scene.send("POST", scene.managed("robots"), "{\"name\":\"ci\",\"role\":\"writer\"}");
        scene.send("POST", scene.managed("teams"), "{\"name\":\"builders\"}");
        scene.send(
                "POST",
                scene.managed("webhooks"),
                "{\"name\":\"builds\",\"url\":\"https://127.0.0.1/\",\"enabled\":false}");
        scene.send("PUT", scene.inRepository("icon"), "{\"image\":\"" + ICON + "\"}");
        scene.send("PUT", scene.inRepository("retention"), "{\"rules\":[{\"rule\":\"keep-latest\",\"count\":5}]}");
        scene.send("POST", scene.inRepository("retention/run"), "{}");
        return scene;
    }

    /** A repository of the organization. */
    RepositoryClient repository(String rest) {
        return client.repository(organization + "/" + rest);
    }

    /** The one with most in it. */
    RepositoryClient web() {
        return repository("web");
    }

    /** An image as builders make them: layers with the commands that made them, environment, labels. */
    Image image(String version, int size) {
        return image(
                version,
                size,
                Map.of("org.opencontainers.image.version", version),
                List.of("PATH=/usr/local/bin:/usr/bin", "LANG=C.UTF-8"));
    }

    /** The same with given labels and environment. */
    Image image(String version, int size, Map<String, String> labels, List<String> environment) {
        ImageFactory factory = ImageFactory.fresh();
        Content base = ImageFactory.seeded(7).blob(BASE);
        List<Content> layers = List.of(base, factory.blob(size * 2), factory.blob(size / 10));
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architecture", "amd64");
        config.put("os", "linux");
        config.put("created", CREATED);
        config.put(
                "config",
                Map.of(
                        "Env",
                        environment,
                        "Labels",
                        labels,
                        "User",
                        "1000",
                        "ExposedPorts",
                        Map.of("8080/tcp", Map.of()),
                        "Entrypoint",
                        List.of("/usr/local/bin/web"),
                        "Cmd",
                        List.of("--port", "8080"),
                        "WorkingDir",
                        "/srv"));
        config.put(
                "rootfs",
                Map.of(
                        "type",
                        "layers",
                        "diff_ids",
                        layers.stream().map(Content::digest).toList()));
        List<Map<String, Object>> history = new ArrayList<>();
        history.add(step("/bin/sh -c #(nop) ADD file:0d1 in / ", false));
        history.add(
                step("RUN /bin/sh -c apt-get install -y --no-install-recommends ca-certificates # buildkit", false));
        history.add(step("ENV LANG=C.UTF-8", true));
        history.add(step("COPY web-" + version + " /usr/local/bin/web # buildkit", false));
        config.put("history", history);
        return factory.assemble(
                ImageFactory.OCI_MANIFEST,
                factory.json(ImageFactory.OCI_CONFIG, config),
                layers,
                Map.of(
                        "annotations",
                        Map.of(
                                "org.opencontainers.image.title", "web",
                                "org.opencontainers.image.description", "Shows what is in the harbour",
                                "org.opencontainers.image.source", "https://example.org/web",
                                "org.opencontainers.image.licenses", "Apache-2.0")));
    }

    private static Map<String, Object> step(String command, boolean empty) {
        return empty
                ? Map.of("created", CREATED, "created_by", command, "empty_layer", true)
                : Map.of("created", CREATED, "created_by", command);
    }

    /** A signature and a list of materials of an image. */
    private void attach(Image image) {
        for (String type : List.of("application/vnd.dev.cosign.artifact.sig.v1+json", "application/spdx+json")) {
            Image artifact = ImageFactory.fresh()
                    .artifact(Optional.of(type), image.manifest(), Map.of("org.opencontainers.image.created", CREATED));
            web().pushBlobs(artifact);
            web().put(artifact.digest(), artifact.manifest());
        }
    }

    /** An address with what is only known here: {digest} of the image, {moved} the event that moved its tag, {run} of retention. */
    String filled(String address) {
        String filled = address;
        if (address.contains("{digest}")) {
            filled = filled.replace("{digest}", web().resolve("latest").orElseThrow());
        }
        if (address.contains("{moved}")) {
            filled = filled.replace("{moved}", moved());
        }
        if (address.contains("{run}")) {
            filled = filled.replace("{run}", run());
        }
        return filled;
    }

    private String moved() {
        for (JsonNode event :
                client.get(inRepository("events?limit=100")).expect(200).json().path("items")) {
            if (event.path("kind").asText().equals("tag_moved")) {
                return event.path("reference").asText();
            }
        }
        throw new AssertionError("no tag was moved");
    }

    private String run() {
        return client.get(inRepository("retention/runs"))
                .expect(200)
                .json()
                .at("/items/0/id")
                .asText();
    }

    /** A path of the management API about the organization. */
    String managed(String rest) {
        return "/api/v1/organizations/" + organization + "/" + rest;
    }

    /** A path of the management API about the repository with most in it. */
    String inRepository(String rest) {
        return "/api/v1/repositories/" + web().name() + "/-/" + rest;
    }

    /** Asks the management API for something that must succeed. */
    void send(String method, String target, String body) {
        Answer answer = client.request(method, target)
                .header("Content-Type", "application/json")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .send();
        assertThat(answer.status())
                .as("%s %s: %s", method, target, answer.text())
                .isBetween(200, 299);
    }
}
