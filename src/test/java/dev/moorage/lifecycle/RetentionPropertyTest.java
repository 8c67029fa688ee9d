package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.metadata.RetentionFacts.Extent;
import dev.moorage.metadata.RetentionFacts.Needs;
import dev.moorage.metadata.RetentionFacts.OfManifest;
import dev.moorage.metadata.RetentionFacts.OfTag;
import dev.moorage.name.Digest;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionRule.Keep;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a policy keeps, against another way to say the same: all of a repository at once, and no thought of pages. */
class RetentionPropertyTest {

    private static final Instant NOW = Instant.parse("2030-01-31T12:00:00Z");
    private static final Duration LEASE = Duration.ofHours(25);
    private static final List<String> NAMES = List.of("v1", "v2", "v3", "stable", "stable-2", "nightly", "x");

    @Property(tries = 3000)
    void tagsStayThatTheDefinitionKeeps(
            @ForAll("tags") List<OfTag> tags,
            @ForAll("tagRules") List<RetentionRule> rules,
            @ForAll("immutable") List<TagPattern> immutable,
            @ForAll Random order) {
        LatestTags latest = new LatestTags(rules);
        List<OfTag> shuffled = new ArrayList<>(tags);
        java.util.Collections.shuffle(shuffled, order);
        shuffled.forEach(latest::add);
        // Through the text that rows hold, as between two pages.
        List<Optional<LatestTags.Last>> ends = latest.ends().stream()
                .map(end -> end.map(LatestTags.Last::text).map(LatestTags.Last::parse))
                .toList();
        TagRetention retention = new TagRetention(rules, ends, immutable, NOW);

        for (OfTag tag : tags) {
            assertThat(retention.decide(tag).isDropped())
                    .as("%s by %s", tag, rules)
                    .isEqualTo(!kept(tag, tags, rules, immutable));
        }
    }

    private static boolean kept(OfTag tag, List<OfTag> all, List<RetentionRule> rules, List<TagPattern> immutable) {
        List<RetentionRule> about =
                rules.stream().filter(rule -> rule.speaksOf(tag.name())).toList();
        if (about.isEmpty() || immutable.stream().anyMatch(pattern -> pattern.matches(tag.name()))) {
            return true;
        }
        return about.stream().anyMatch(rule -> switch (rule.keep()) {
            case Keep.Matching _ -> true;
            case Keep.Newer(Duration age) ->
                Duration.between(tag.pushedAt(), NOW).compareTo(age) < 0;
            case Keep.Pulled(Duration age) ->
                Duration.between(tag.pushedAt(), NOW).compareTo(age) < 0
                        || tag.pulledAt()
                                .map(at -> Duration.between(at, NOW).compareTo(age) < 0)
                                .orElse(false);
            case Keep.Latest(int count) ->
                all.stream()
                        .filter(other -> rule.speaksOf(other.name()))
                        .sorted(Comparator.comparing(OfTag::pushedAt)
                                .thenComparing(other -> other.name().value())
                                .reversed())
                        .limit(count)
                        .anyMatch(tag::equals);
            case Keep.Untagged _ -> false;
        });
    }

    /** A repository's manifests: who needs whom is by number, an index or subject has a lower number than what it keeps. */
    record Graph(List<OfManifest> manifests, Map<Digest, Needs> needs) {}

    @Property(tries = 3000)
    void manifestsStayThatTheDefinitionKeeps(
            @ForAll("graphs") Graph graph, @ForAll("untaggedRules") List<RetentionRule> rules) {
        ManifestRetention retention = new ManifestRetention(rules, NOW, LEASE);
        Map<Digest, OfManifest> known = new HashMap<>();
        graph.manifests().forEach(manifest -> known.put(manifest.digest(), manifest));
        Set<Digest> kept = keptByDefinition(graph, rules);

        for (OfManifest manifest : graph.manifests()) {
            assertThat(retention.decide(manifest.digest(), known, graph.needs()).isDropped())
                    .as("%s by %s", manifest, rules)
                    .isEqualTo(!kept.contains(manifest.digest()));
        }
    }

    /** Those that stay by themselves, then whatever one of those that stay keeps, until nothing more comes. */
    private static Set<Digest> keptByDefinition(Graph graph, List<RetentionRule> rules) {
        Set<Digest> kept = new HashSet<>();
        for (OfManifest manifest : graph.manifests()) {
            boolean leased = Duration.between(manifest.leasedAt(), NOW).compareTo(LEASE) < 0;
            boolean young = rules.isEmpty()
                    || rules.stream()
                            .anyMatch(rule -> rule.keep() instanceof Keep.Untagged(Duration age)
                                    && Duration.between(manifest.untaggedSince(), NOW)
                                                    .compareTo(age)
                                            < 0);
            if (manifest.keptTag().isPresent() || leased || young) {
                kept.add(manifest.digest());
            }
        }
        int before;
        do {
            before = kept.size();
            graph.needs().forEach((digest, needs) -> {
                if (needs.digests().stream().anyMatch(kept::contains)) {
                    kept.add(digest);
                }
            });
        } while (kept.size() > before);
        return kept;
    }

    @Example
    void whatIsNeededByMoreThanIsLookedAtStays() {
        OfManifest old = manifest(0, 100, 100, false);
        ManifestRetention retention = new ManifestRetention(
                List.of(RetentionRule.parse("delete-untagged P1D").orElseThrow()), NOW, LEASE);

        assertThat(retention
                        .decide(old.digest(), Map.of(old.digest(), old), Map.of())
                        .isDropped())
                .isTrue();
        assertThat(retention
                        .decide(old.digest(), Map.of(old.digest(), old), Map.of(old.digest(), Needs.MANY))
                        .isDropped())
                .isFalse();
    }

    @Example
    void verdictNamesTheRule() {
        List<RetentionRule> rules = List.of(
                RetentionRule.parse("keep-latest 1").orElseThrow(),
                RetentionRule.parse("keep-matching tags=stable*").orElseThrow());
        OfTag old = tag("v1", 50);
        LatestTags latest = new LatestTags(rules);
        List.of(old, tag("v2", 40), tag("stable", 90)).forEach(latest::add);
        TagRetention retention = new TagRetention(rules, latest.ends(), List.of(), NOW);

        assertThat(retention.decide(old)).isEqualTo(Verdict.dropped("not kept by keep-latest 1"));
        assertThat(retention.decide(tag("v2", 40))).isEqualTo(Verdict.kept("keep-latest 1"));
        assertThat(retention.decide(tag("stable", 90))).isEqualTo(Verdict.kept("keep-matching tags=stable*"));
        assertThat(new TagRetention(rules, latest.ends(), List.of(new TagPattern("v*")), NOW).decide(old))
                .isEqualTo(Verdict.kept("it is immutable: v*"));
    }

    private static OfTag tag(String name, int hours) {
        return new OfTag(new Tag(name), digest(0), NOW.minus(Duration.ofHours(hours)), Optional.empty());
    }

    private static Digest digest(int number) {
        return Digest.ofBytes(Digest.Algorithm.SHA256, ("m" + number).getBytes(StandardCharsets.UTF_8));
    }

    private static OfManifest manifest(int number, int leasedHours, int untaggedHours, boolean tagged) {
        return new OfManifest(
                digest(number),
                10,
                NOW.minus(Duration.ofHours(leasedHours)),
                NOW.minus(Duration.ofHours(untaggedHours)),
                tagged ? Optional.of(new Tag("kept")) : Optional.empty());
    }

    @Provide
    Arbitrary<List<OfTag>> tags() {
        Arbitrary<Instant> times = Arbitraries.integers().between(0, 8).map(days -> NOW.minus(Duration.ofDays(days)));
        return Combinators.combine(Arbitraries.of(NAMES), times, times.optional(0.3))
                .as((name, pushed, pulled) -> new OfTag(new Tag(name), digest(0), pushed, pulled))
                .list()
                .ofMaxSize(7)
                .uniqueElements(OfTag::name);
    }

    @Provide
    Arbitrary<List<RetentionRule>> tagRules() {
        Arbitrary<Duration> ages = Arbitraries.integers().between(0, 8).map(Duration::ofDays);
        Arbitrary<Keep> keeps = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 4).map(Keep.Latest::new),
                ages.map(Keep.Newer::new),
                ages.map(Keep.Pulled::new),
                ages.map(Keep.Untagged::new),
                Arbitraries.just(new Keep.Matching()));
        Arbitrary<List<TagPattern>> patterns = Arbitraries.of("v*", "stable*", "nightly", "*", "v?")
                .map(TagPattern::new)
                .list()
                .ofMaxSize(2);
        return Combinators.combine(keeps, patterns)
                .as((keep, tags) ->
                        new RetentionRule(keep, List.of(), keep instanceof Keep.Untagged ? List.of() : tags))
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<TagPattern>> immutable() {
        return Arbitraries.of("v1", "stable*").map(TagPattern::new).list().ofMaxSize(1);
    }

    @Provide
    Arbitrary<List<RetentionRule>> untaggedRules() {
        return Arbitraries.integers()
                .between(0, 60)
                .map(hours -> new RetentionRule(new Keep.Untagged(Duration.ofHours(hours)), List.of(), List.of()))
                .list()
                .ofMaxSize(2);
    }

    @Provide
    Arbitrary<Graph> graphs() {
        return Arbitraries.integers().between(1, 9).flatMap(size -> {
            Arbitrary<List<OfManifest>> manifests = Combinators.combine(
                            Arbitraries.integers().between(20, 60).list().ofSize(size),
                            Arbitraries.integers().between(0, 70).list().ofSize(size),
                            Arbitraries.integers().between(0, 5).list().ofSize(size))
                    .as((leased, untagged, tagged) -> IntStream.range(0, size)
                            .mapToObj(i -> manifest(i, leased.get(i), untagged.get(i), tagged.get(i) == 0))
                            .toList());
            Arbitrary<Map<Digest, Needs>> needs = Arbitraries.integers()
                    .between(0, size * size - 1)
                    .set()
                    .ofMaxSize(size * 2)
                    .map(pairs -> needs(size, pairs));
            return Combinators.combine(manifests, needs).as(Graph::new);
        });
    }

    private static Map<Digest, Needs> needs(int size, Set<Integer> pairs) {
        Map<Digest, Set<Digest>> above = new HashMap<>();
        for (int pair : pairs) {
            // Of those that are not there any more too.
            if (pair / size < pair % size || pair % 7 == 0) {
                above.computeIfAbsent(digest(pair % size), _ -> new HashSet<>())
                        .add(digest(pair % 7 == 0 ? 1000 + pair : pair / size));
            }
        }
        Map<Digest, Needs> needs = new HashMap<>();
        above.forEach((digest, digests) -> needs.put(digest, new Needs(digests, Extent.ALL)));
        return needs;
    }
}
