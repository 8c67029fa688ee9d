package dev.moorage.registry;

import dev.moorage.manifest.ImageConfig;
import dev.moorage.manifest.ImageConfig.Step;
import dev.moorage.registry.Inspection.Entry;
import dev.moorage.registry.Inspection.LayerPiece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What differs between two manifests.
 *
 * @param from the one
 * @param to the other
 * @param layers the layers of both, each digest once: those that only the one has first, then those of the other in order
 * @param fetched how many bytes who has the one fetches for the other: its layers, configuration and manifest, as far as the
 *     one has them not
 * @param differences what is said of them that differs, by what it is about
 * @param history how the steps differ that made them
 */
public record ImageComparison(
        Side from,
        Side to,
        List<ComparedLayer> layers,
        long fetched,
        List<Difference> differences,
        HistoryDifference history) {

    /** Keeps its own copies. */
    public ImageComparison {
        layers = List.copyOf(layers);
        differences = List.copyOf(differences);
    }

    /** One of the two, by its digest; the size is that of everything that it references. */
    public record Side(String digest, String mediaType, long size) {}

    /** Which of the two has something. */
    public enum Presence {
        SHARED,
        ADDED,
        REMOVED;

        /** The word for it. */
        @com.fasterxml.jackson.annotation.JsonValue
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** A layer of one or both, and what made it. */
    public record ComparedLayer(
            Presence presence, String digest, String mediaType, long size, Optional<String> createdBy) {}

    /**
     * Something that differs.
     *
     * @param about what it is about, such as {@code environment} or {@code label}
     * @param name which of these; empty where there is only one
     * @param from what the one says; empty where it says nothing
     * @param to what the other says; empty where it says nothing
     */
    public record Difference(String about, String name, Optional<String> from, Optional<String> to) {}

    /**
     * How two histories differ.
     *
     * @param shared how many steps both begin with
     * @param from what the one does then
     * @param to what the other does then
     */
    public record HistoryDifference(int shared, List<String> from, List<String> to) {

        /** Keeps its own copies. */
        public HistoryDifference {
            from = List.copyOf(from);
            to = List.copyOf(to);
        }
    }

    /** Compares two. */
    public static ImageComparison of(Inspection from, Inspection to) {
        List<Difference> differences = new ArrayList<>();
        pairs("platform", platforms(from), platforms(to), differences);
        configs(from.image(), to.image(), differences);
        pairs("annotation", from.annotations(), to.annotations(), differences);
        return new ImageComparison(
                side(from),
                side(to),
                layers(from.layers(), to.layers()),
                fetched(from, to),
                differences,
                history(from.image(), to.image()));
    }

    /** Whether nothing differs. */
    public boolean same() {
        return from.digest().equals(to.digest());
    }

    /** The layers that both have, or only one. */
    public List<ComparedLayer> layers(Presence presence) {
        return layers.stream().filter(layer -> layer.presence() == presence).toList();
    }

    /** How many bytes the layers have that both have, or only one. */
    public long bytes(Presence presence) {
        return layers(presence).stream().mapToLong(ComparedLayer::size).sum();
    }

    private static Side side(Inspection image) {
        return new Side(image.digest(), image.mediaType(), image.size());
    }

    private static List<ComparedLayer> layers(List<LayerPiece> from, List<LayerPiece> to) {
        Set<String> before = digests(from);
        Set<String> after = digests(to);
        Map<String, ComparedLayer> compared = new LinkedHashMap<>();
        from.stream()
                .filter(layer -> !after.contains(layer.digest()))
                .forEach(layer -> compared.putIfAbsent(layer.digest(), compared(layer, Presence.REMOVED)));
        to.forEach(layer -> compared.putIfAbsent(
                layer.digest(), compared(layer, before.contains(layer.digest()) ? Presence.SHARED : Presence.ADDED)));
        return List.copyOf(compared.values());
    }

    private static ComparedLayer compared(LayerPiece layer, Presence presence) {
        return new ComparedLayer(
                presence,
                layer.digest(),
                layer.mediaType(),
                layer.size(),
                layer.step().flatMap(Step::createdBy));
    }

    private static Set<String> digests(List<LayerPiece> layers) {
        return layers.stream().map(LayerPiece::digest).collect(Collectors.toSet());
    }

    private static long fetched(Inspection from, Inspection to) {
        if (from.digest().equals(to.digest())) {
            return 0;
        }
        Set<String> had = new HashSet<>(digests(from.layers()));
        from.config().ifPresent(config -> had.add(config.digest()));
        from.manifests().forEach(entry -> had.add(entry.digest()));
        long bytes = to.manifestSize();
        for (LayerPiece layer : to.layers()) {
            bytes += had.add(layer.digest()) ? layer.size() : 0;
        }
        for (Entry entry : to.manifests()) {
            bytes += had.add(entry.digest()) ? entry.size() : 0;
        }
        return bytes
                + to.config()
                        .filter(config -> had.add(config.digest()))
                        .map(Inspection.Config::size)
                        .orElse(0L);
    }

    private static void configs(Optional<ImageConfig> from, Optional<ImageConfig> to, List<Difference> differences) {
        single("runs on", from, to, ImageConfig::platform, differences);
        single("user", from, to, image -> image.run().user(), differences);
        single("directory", from, to, image -> image.run().workingDirectory(), differences);
        single("entry point", from, to, image -> words(image.run().entrypoint()), differences);
        single("command", from, to, image -> words(image.run().command()), differences);
        single("stop signal", from, to, image -> image.run().stopSignal(), differences);
        pairs(
                "environment",
                of(from, ImageConfig::run, run -> variables(run.environment())),
                of(to, ImageConfig::run, run -> variables(run.environment())),
                differences);
        pairs(
                "port",
                of(from, ImageConfig::run, run -> named(run.ports())),
                of(to, ImageConfig::run, run -> named(run.ports())),
                differences);
        pairs(
                "volume",
                of(from, ImageConfig::run, run -> named(run.volumes())),
                of(to, ImageConfig::run, run -> named(run.volumes())),
                differences);
        pairs(
                "label",
                of(from, ImageConfig::labels, Function.identity()),
                of(to, ImageConfig::labels, Function.identity()),
                differences);
    }

    private static <T> Map<String, String> of(
            Optional<ImageConfig> image, Function<ImageConfig, T> part, Function<T, Map<String, String>> pairs) {
        return image.map(part).map(pairs).orElse(Map.of());
    }

    private static void single(
            String about,
            Optional<ImageConfig> from,
            Optional<ImageConfig> to,
            Function<ImageConfig, Optional<String>> part,
            List<Difference> differences) {
        Optional<String> before = from.flatMap(part);
        Optional<String> after = to.flatMap(part);
        if (!before.equals(after)) {
            differences.add(new Difference(about, "", before, after));
        }
    }

    private static void pairs(
            String about, Map<String, String> from, Map<String, String> to, List<Difference> differences) {
        Map<String, String> names = new TreeMap<>(from);
        names.putAll(to);
        names.keySet().forEach(name -> {
            Optional<String> before = Optional.ofNullable(from.get(name));
            Optional<String> after = Optional.ofNullable(to.get(name));
            if (!before.equals(after)) {
                differences.add(new Difference(about, name, before, after));
            }
        });
    }

    private static Map<String, String> platforms(Inspection index) {
        Map<String, String> platforms = new HashMap<>();
        index.manifests().forEach(entry -> entry.platform()
                .ifPresent(platform -> platforms.putIfAbsent(platform, entry.digest())));
        return platforms;
    }

    private static Map<String, String> variables(List<String> environment) {
        Map<String, String> variables = new HashMap<>();
        for (String text : environment) {
            int equals = text.indexOf('=');
            variables.put(equals < 0 ? text : text.substring(0, equals), equals < 0 ? "" : text.substring(equals + 1));
        }
        return variables;
    }

    private static Map<String, String> named(List<String> names) {
        Map<String, String> named = new HashMap<>();
        names.forEach(name -> named.put(name, name));
        return named;
    }

    private static Optional<String> words(List<String> words) {
        return words.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", words));
    }

    private static HistoryDifference history(Optional<ImageConfig> from, Optional<ImageConfig> to) {
        List<String> before = commands(from);
        List<String> after = commands(to);
        int shared = 0;
        while (shared < Math.min(before.size(), after.size())
                && before.get(shared).equals(after.get(shared))) {
            shared++;
        }
        return new HistoryDifference(
                shared, before.subList(shared, before.size()), after.subList(shared, after.size()));
    }

    private static List<String> commands(Optional<ImageConfig> image) {
        return image.map(ImageConfig::history).orElse(List.of()).stream()
                .map(step -> step.createdBy().orElse(""))
                .toList();
    }
}
