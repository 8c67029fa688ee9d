package dev.moorage.http;

import dev.moorage.http.LoadScenario.Once;
import dev.moorage.http.LoadScenario.Work;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Images of five layers of 20 kB: pushed by 16 clients, and asked for again and again. */
final class SmallLoads {

    private static final int PUSHERS = 16;
    private static final int LAYERS = 5;
    private static final int LAYER_BYTES = Integer.getInteger("moorage.bench.layer", 20_000);
    private static final ImageFactory IMAGES = ImageFactory.fresh();

    private SmallLoads() {}

    /** So many images a measurement, in as many repositories as there are clients. */
    static List<LoadScenario> push(int images) {
        return List.of(new LoadScenario(
                "push of an image of five layers of %d bytes, %d clients".formatted(LAYER_BYTES, PUSHERS),
                PUSHERS,
                0,
                _ -> () -> new Once(IntStream.range(0, images)
                        .<Work>mapToObj(number -> {
                            Image image = image();
                            String repository = "small" + number % PUSHERS;
                            // As many as there are images: a tag that moves would cost otherwise.
                            String tag = image.digest().substring("sha256:".length(), 20);
                            return connection -> LoadTarget.push(connection, repository, tag, image);
                        })
                        .toList())));
    }

    /** HEAD or GET of the manifest by its tag. */
    static List<LoadScenario> manifest(String method, int clients) {
        return requests(
                method + " of a manifest by tag",
                clients,
                method,
                (repository, _) -> LoadTarget.path(repository, "manifests/v1"));
    }

    /** HEAD or GET of a layer. */
    static List<LoadScenario> blob(String method, int clients) {
        return requests(
                method + " of a blob of %d bytes".formatted(LAYER_BYTES),
                clients,
                method,
                (repository, image) -> LoadTarget.path(
                        repository, "blobs/" + image.blobs().getLast().digest()));
    }

    private static List<LoadScenario> requests(
            String what, int clients, String method, BiFunction<String, Image, String> path) {
        return List.of(LoadScenario.requests("%s, %d connections".formatted(what, clients), clients, method, target -> {
            Image image = image();
            String repository = "read";
            target.does(connection -> LoadTarget.push(connection, repository, "v1", image));
            return path.apply(repository, image);
        }));
    }

    private static Image image() {
        // What has the same config as another image would not be pushed whole.
        Content config = IMAGES.json(
                ImageFactory.OCI_CONFIG,
                Map.of("architecture", "amd64", "os", "linux", "author", ImageFactory.sha256(IMAGES.bytes(32))));
        List<Content> layers =
                Stream.generate(() -> IMAGES.blob(LAYER_BYTES)).limit(LAYERS).toList();
        return IMAGES.assemble(ImageFactory.OCI_MANIFEST, config, layers, Map.of());
    }
}
