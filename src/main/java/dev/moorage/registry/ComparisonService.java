package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.ImageComparison.Difference;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Compares manifests of a repository, for whoever may pull them. */
@Singleton
public class ComparisonService {

    private static final String FIRST_CHOICE = "linux/amd64";

    private final InspectionService inspections;

    ComparisonService(InspectionService inspections) {
        this.inspections = inspections;
    }

    /**
     * Two manifests, compared.
     *
     * @param comparison what differs; of two indexes which platforms do
     * @param platform on what the images run that were compared, where one or both are of an index
     * @param images what differs between these
     */
    public record Compared(ImageComparison comparison, Optional<String> platform, Optional<ImageComparison> images) {

        /** The comparison of images, whichever it is. */
        public ImageComparison closest() {
            return images.orElse(comparison);
        }

        /** What differs of the platforms of two indexes. */
        public List<Difference> platforms() {
            return comparison.differences().stream()
                    .filter(difference -> difference.about().equals("platform"))
                    .toList();
        }
    }

    /**
     * Compares two manifests by their tags or digests. Of indexes images are compared that run on the same: on what was
     * asked for, or {@value #FIRST_CHOICE}, or the first that both have.
     */
    public Compared compare(Grant grant, RepositoryName repository, String from, String to, Optional<String> platform) {
        return compare(reference -> inspections.inspect(grant, repository, reference), from, to, platform);
    }

    /** A manifest before something happened and behind it, by digests. */
    public record Move(String from, String to) {}

    /**
     * Compares what each of some moves changed, and looks at each manifest once: in a history most of them are the end of one
     * move and the beginning of the next. A move of which a manifest is not there is left out.
     */
    public Map<Move, ImageComparison> compare(Grant grant, RepositoryName repository, Collection<Move> moves) {
        Map<String, Inspection> seen = new HashMap<>();
        Map<Move, ImageComparison> compared = new HashMap<>();
        for (Move move : moves) {
            try {
                Compared one = compare(
                        reference -> seen.computeIfAbsent(
                                reference, digest -> inspections.inspect(grant, repository, digest)),
                        move.from(),
                        move.to(),
                        Optional.empty());
                compared.put(move, one.closest());
            } catch (NotFound _) {
                // It was deleted a moment ago.
            }
        }
        return compared;
    }

    private static Compared compare(
            Function<String, Inspection> inspected, String from, String to, Optional<String> platform) {
        Inspection one = inspected.apply(from);
        Inspection other = inspected.apply(to);
        ImageComparison whole = ImageComparison.of(one, other);
        if (!one.index() && !other.index()) {
            return new Compared(whole, Optional.empty(), Optional.empty());
        }
        List<String> common =
                platforms(one).stream().filter(platforms(other)::contains).toList();
        Optional<String> chosen = platform.filter(common::contains)
                .or(() -> Optional.of(FIRST_CHOICE).filter(common::contains))
                .or(() -> common.stream().findFirst());
        Optional<ImageComparison> images = chosen.flatMap(runsOn -> image(inspected, one, runsOn)
                .flatMap(first -> image(inspected, other, runsOn).map(second -> ImageComparison.of(first, second))));
        return new Compared(whole, chosen.filter(_ -> images.isPresent()), images);
    }

    private static List<String> platforms(Inspection image) {
        return image.index()
                ? image.manifests().stream()
                        .flatMap(entry -> entry.platform().stream())
                        .distinct()
                        .toList()
                : image.image().flatMap(config -> config.platform()).stream().toList();
    }

    /** An index may list what is no manifest, or is not there. */
    private static Optional<Inspection> image(Function<String, Inspection> inspected, Inspection of, String platform) {
        if (!of.index()) {
            return Optional.of(of);
        }
        try {
            return of.manifests().stream()
                    .filter(entry -> entry.platform().filter(platform::equals).isPresent())
                    .findFirst()
                    .map(entry -> inspected.apply(entry.digest()));
        } catch (NotFound _) {
            return Optional.empty();
        }
    }
}
