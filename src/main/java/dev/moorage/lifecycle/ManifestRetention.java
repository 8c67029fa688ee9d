package dev.moorage.lifecycle;

import dev.moorage.metadata.RetentionFacts.Extent;
import dev.moorage.metadata.RetentionFacts.Needs;
import dev.moorage.metadata.RetentionFacts.OfManifest;
import dev.moorage.name.Digest;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionRule.Keep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which manifests of a repository stay: those with a tag that stays, those that are young, those that a rule about
 * untagged manifests still keeps or that none speaks of, and whatever belongs to one of them: its children, and what refers
 * to it, and so on.
 *
 * <p>Its answer depends on nothing but what it is told.
 *
 * @param rules the rules that speak of the repository
 * @param now the moment from which ages are counted
 * @param lease how long a manifest stays after a push of it, or after a pusher was told that it is there
 */
record ManifestRetention(List<RetentionRule> rules, Instant now, Duration lease) {

    ManifestRetention {
        rules = rules.stream()
                .filter(rule -> rule.keep() instanceof Keep.Untagged)
                .toList();
    }

    /**
     * Decides about one manifest.
     *
     * @param known every manifest on the way from this one up to those that stay by themselves
     * @param needs what needs each of them, where it does not stay by itself
     */
    Verdict decide(Digest digest, Map<Digest, OfManifest> known, Map<Digest, Needs> needs) {
        OfManifest manifest = known.get(digest);
        Optional<String> own = staysBecause(manifest);
        if (own.isPresent()) {
            return Verdict.kept(own.get());
        }
        Set<Digest> seen = new HashSet<>(Set.of(digest));
        Deque<Digest> toLookAt = new ArrayDeque<>(Set.of(digest));
        while (!toLookAt.isEmpty()) {
            Needs above = needs.getOrDefault(toLookAt.remove(), Needs.NONE);
            if (above.extent() == Extent.CUT) {
                return Verdict.kept("so many need it that not all of them were looked at");
            }
            for (Digest next : above.digests()) {
                if (!known.containsKey(next)) {
                    continue;
                }
                if (staysBecause(known.get(next)).isPresent()) {
                    return Verdict.kept("it belongs to " + next);
                }
                if (seen.add(next)) {
                    toLookAt.add(next);
                }
            }
        }
        return Verdict.dropped("untagged: " + Verdict.rules(rules, ", "));
    }

    /** Why a manifest stays whatever needs it; empty where it does not. */
    Optional<String> staysBecause(OfManifest manifest) {
        if (manifest.keptTag().isPresent()) {
            return manifest.keptTag().map(tag -> "the tag " + tag);
        }
        if (rules.isEmpty()) {
            return Optional.of("no rule speaks of it");
        }
        if (manifest.leasedAt().isAfter(now.minus(lease))) {
            return Optional.of("it was pushed or asked for by a pusher within " + lease.toHours() + " hours");
        }
        return rules.stream()
                .filter(rule -> rule.keep() instanceof Keep.Untagged(Duration age)
                        && manifest.untaggedSince().isAfter(now.minus(age)))
                .map(rule -> Verdict.rules(List.of(rule), ""))
                .findFirst();
    }
}
