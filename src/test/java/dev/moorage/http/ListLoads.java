package dev.moorage.http;

import dev.moorage.http.LoadScenario.Work;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RegistryClient;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Pages of 100 of lists, the first one and one from the middle, by 8 clients. */
final class ListLoads {

    private static final int CLIENTS = 8;
    private static final ImageFactory IMAGES = ImageFactory.fresh();

    private ListLoads() {}

    /** The tags of a repository that has so many. */
    static List<LoadScenario> tags(int count) {
        String list = LoadTarget.path("tags", "tags/list?n=100");
        return pages("of %,d tags".formatted(count), list, numbered("t", count / 2), target -> {
            Image image = pushed(target, "tags");
            return IntStream.range(0, count)
                    .<Work>mapToObj(number ->
                            connection -> LoadTarget.put(connection, "tags", numbered("t", number), image.manifest()))
                    .toList();
        });
    }

    /** The repositories of a registry to which so many were added. */
    static List<LoadScenario> catalog(int count) {
        String middle = LoadTarget.repository(numbered("r", count / 2));
        return pages("of the catalog with %,d repositories".formatted(count), "/v2/_catalog?n=100", middle, _ -> {
            Image image = IMAGES.image();
            return IntStream.range(0, count)
                    .<Work>mapToObj(
                            number -> connection -> LoadTarget.push(connection, numbered("r", number), "v1", image))
                    .toList();
        });
    }

    /** What refers to one image. */
    static List<LoadScenario> referrers(int count) {
        return List.of(
                LoadScenario.requests("referrers of an image that has %,d".formatted(count), CLIENTS, "GET", target -> {
                    String repository = "referrers";
                    Image subject = pushed(target, repository);
                    String path = LoadTarget.path(repository, "referrers/" + subject.digest());
                    // Whoever has no such list need not be filled.
                    target.does(connection -> connection.head("GET", path).expect(200));
                    Image first = artifact(subject, 0);
                    target.does(connection -> LoadTarget.push(connection, repository, "first", first));
                    target.fill(IntStream.range(1, count)
                            .<Work>mapToObj(number -> connection -> {
                                Image artifact = artifact(subject, number);
                                LoadTarget.put(connection, repository, artifact.digest(), artifact.manifest());
                            })
                            .toList());
                    return path;
                }));
    }

    private static List<LoadScenario> pages(
            String what, String list, String middle, Function<LoadTarget, List<Work>> filling) {
        // Both pages are of one list.
        Set<LoadTarget> filled = new HashSet<>();
        return Stream.of(
                        Map.entry("first page ", list),
                        Map.entry("middle page ", list + "&last=" + RegistryClient.encoded(middle)))
                .map(page -> LoadScenario.requests(page.getKey() + what, CLIENTS, "GET", target -> {
                    if (!filled.contains(target)) {
                        target.fill(filling.apply(target));
                        filled.add(target);
                    }
                    return page.getValue();
                }))
                .toList();
    }

    private static Image pushed(LoadTarget target, String repository) {
        Image image = IMAGES.image();
        target.does(connection -> LoadTarget.push(connection, repository, "v1", image));
        return image;
    }

    /** They differ in a note only, so that their blobs are there after the first. */
    private static Image artifact(Image subject, int number) {
        return ImageFactory.seeded(1)
                .artifact(
                        Optional.of("application/vnd.bench"),
                        subject.manifest(),
                        Map.of("number", Integer.toString(number)));
    }

    private static String numbered(String prefix, int number) {
        return String.format(Locale.ROOT, "%s%06d", prefix, number);
    }
}
