package dev.moorage.name;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One rule of a retention policy: what it keeps, of what it speaks of.
 *
 * <p>Its text is one line without a space in any of its parts, as {@code keep-latest 5 tags=v*,release-*}; reading the text
 * gives the rule again.
 *
 * @param keep what it keeps
 * @param repositories which repositories it speaks of, by their whole names; empty for all that the policy is for
 * @param tags which tags it speaks of; empty for all. A rule about untagged manifests has none
 */
public record RetentionRule(Keep keep, List<Glob> repositories, List<TagPattern> tags) {

    /** How many patterns of a kind a rule has at most. */
    public static final int MOST_PATTERNS = 20;

    private static final String REPOSITORIES = "repositories=";
    private static final String TAGS = "tags=";
    private static final int DIGITS = 64;

    /** Keeps its own copies; refuses more patterns than there may be, and tags where there are none. */
    public RetentionRule {
        repositories = List.copyOf(repositories);
        tags = List.copyOf(tags);
        if (repositories.size() > MOST_PATTERNS || tags.size() > MOST_PATTERNS) {
            throw new IllegalArgumentException("too many patterns");
        }
        if (repositories.stream().anyMatch(pattern -> !isPatternOfRepositories(pattern.value()))) {
            throw new IllegalArgumentException("not a pattern of repository names");
        }
        if (keep instanceof Keep.Untagged && !tags.isEmpty()) {
            throw new IllegalArgumentException("what is untagged has no tags");
        }
    }

    /** What a rule keeps. */
    public sealed interface Keep {

        /** The most of the latest that can be kept. */
        int MOST = 1000;

        /** The longest age. */
        Duration LONGEST = Duration.ofDays(36_500);

        /** The text of it, which begins its rule's. */
        String text();

        /**
         * The tags that were pushed last.
         *
         * @param count how many, 1 to {@value Keep#MOST}
         */
        record Latest(int count) implements Keep {
            /** Refuses a count out of bounds. */
            public Latest {
                if (count < 1 || count > MOST) {
                    throw new IllegalArgumentException("a count is 1 to " + MOST);
                }
            }

            @Override
            public String text() {
                return "keep-latest " + count;
            }
        }

        /** Tags that were pushed within a time. */
        record Newer(Duration age) implements Keep {
            /** Refuses an age out of bounds. */
            public Newer {
                demand(age);
            }

            @Override
            public String text() {
                return "keep-newer " + RetentionRule.text(age);
            }
        }

        /** Tags whose manifest was pulled within a time, or that were pushed within it. */
        record Pulled(Duration age) implements Keep {
            /** Refuses an age out of bounds. */
            public Pulled {
                demand(age);
            }

            @Override
            public String text() {
                return "keep-pulled " + RetentionRule.text(age);
            }
        }

        /** Every tag that the rule speaks of. */
        record Matching() implements Keep {
            @Override
            public String text() {
                return "keep-matching";
            }
        }

        /** Untagged manifests until they have been so for a time. */
        record Untagged(Duration age) implements Keep {
            /** Refuses an age out of bounds. */
            public Untagged {
                demand(age);
            }

            @Override
            public String text() {
                return "delete-untagged " + RetentionRule.text(age);
            }
        }

        private static void demand(Duration age) {
            if (age.isNegative() || age.compareTo(LONGEST) > 0 || !age.equals(Duration.ofSeconds(age.toSeconds()))) {
                throw new IllegalArgumentException("an age is whole seconds, at most " + LONGEST.toDays() + " days");
            }
        }
    }

    /** An age as it is written: in days, where it is whole days. */
    public static String text(Duration age) {
        return !age.isZero() && age.equals(Duration.ofDays(age.toDays())) ? "P" + age.toDays() + "D" : age.toString();
    }

    /** Whether a text is a pattern of repository names: what names may hold, {@code *} and {@code ?}. */
    public static boolean isPatternOfRepositories(String text) {
        return !text.isEmpty()
                && text.length() <= Glob.MAX_LENGTH
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "._-/*?".indexOf(c) >= 0);
    }

    /** Those of some rules that speak of a repository, with no patterns but those that it matches. */
    public static List<RetentionRule> of(List<RetentionRule> rules, RepositoryName repository) {
        return rules.stream()
                .filter(rule -> rule.speaksOf(repository))
                .map(rule -> new RetentionRule(
                        rule.keep(),
                        rule.repositories().stream()
                                .filter(pattern -> pattern.matches(repository.value()))
                                .toList(),
                        rule.tags()))
                .toList();
    }

    /** Whether the rule speaks of a repository. */
    public boolean speaksOf(RepositoryName repository) {
        return repositories.isEmpty() || repositories.stream().anyMatch(pattern -> pattern.matches(repository.value()));
    }

    /**
     * Whether the rule speaks of a tag.
     *
     * <p>Tags that are named after a digest, as clients name what belongs to a manifest, are no versions: only a pattern that
     * begins as they do speaks of them.
     */
    public boolean speaksOf(Tag tag) {
        if (keep instanceof Keep.Untagged) {
            return false;
        }
        Optional<String> digest = algorithm(tag);
        if (digest.isPresent()) {
            return tags.stream().anyMatch(pattern -> pattern.value().startsWith(digest.get()) && pattern.matches(tag));
        }
        return tags.isEmpty() || tags.stream().anyMatch(pattern -> pattern.matches(tag));
    }

    /** How the name of a tag begins that is named after a digest, as {@code sha256-<64 digits>.sig}. */
    private static Optional<String> algorithm(Tag tag) {
        return Stream.of(Digest.Algorithm.values())
                .map(algorithm -> algorithm.prefix() + '-')
                .filter(begin -> tag.value().startsWith(begin))
                .filter(begin -> isNamedAfterDigest(tag.value().substring(begin.length())))
                .findFirst();
    }

    // Such names hold the first 64 digits of longer digests (OCI distribution specification, "Referrers Tag Schema").
    private static boolean isNamedAfterDigest(String rest) {
        return rest.length() >= DIGITS
                && rest.substring(0, DIGITS).chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
                && (rest.length() == DIGITS || rest.charAt(DIGITS) == '.');
    }

    /** The rule as one line. */
    public String text() {
        List<String> words = new ArrayList<>(List.of(keep.text()));
        if (!tags.isEmpty()) {
            words.add(TAGS + tags.stream().map(TagPattern::value).collect(Collectors.joining(",")));
        }
        if (!repositories.isEmpty()) {
            words.add(REPOSITORIES + repositories.stream().map(Glob::value).collect(Collectors.joining(",")));
        }
        return String.join(" ", words);
    }

    /** Reads the line of a rule; empty where the text is none. */
    public static Optional<RetentionRule> parse(String text) {
        try {
            List<String> words = Arrays.asList(text.split(" ", -1));
            boolean matching = words.getFirst().equals("keep-matching");
            Keep keep = matching ? new Keep.Matching() : keep(words.getFirst(), words.get(1));
            List<Glob> repositories = new ArrayList<>();
            List<TagPattern> tags = new ArrayList<>();
            for (String word : words.subList(matching ? 1 : 2, words.size())) {
                if (word.startsWith(TAGS)) {
                    parts(word, TAGS).map(TagPattern::new).forEach(tags::add);
                } else if (word.startsWith(REPOSITORIES)) {
                    parts(word, REPOSITORIES).map(Glob::new).forEach(repositories::add);
                } else {
                    return Optional.empty();
                }
            }
            return Optional.of(new RetentionRule(keep, repositories, tags));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeParseException _) {
            return Optional.empty();
        }
    }

    private static Keep keep(String kind, String measure) {
        return switch (kind) {
            case "keep-latest" -> new Keep.Latest(Integer.parseInt(measure));
            case "keep-newer" -> new Keep.Newer(Duration.parse(measure));
            case "keep-pulled" -> new Keep.Pulled(Duration.parse(measure));
            case "delete-untagged" -> new Keep.Untagged(Duration.parse(measure));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Stream<String> parts(String word, String begin) {
        return Stream.of(word.substring(begin.length()).split(",", -1));
    }

    @Override
    public String toString() {
        return text();
    }
}
