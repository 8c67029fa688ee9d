package dev.moorage.administration;

import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.ImageQuestion.Filter;
import dev.moorage.metadata.ImageQuestion.RunsOn;
import dev.moorage.metadata.ImageQuestion.Standing;
import dev.moorage.name.Glob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which images are asked for, in the words of who asks.
 *
 * @param reference a pattern of repositories' names, or of name and tag as {@code name:tag}
 * @param labels each a key, or a key and value as {@code key=value}, at most {@value #MAX_LABELS}
 * @param platform on what they run, as {@code linux/arm64} or {@code linux/arm64/v8}
 * @param dangling whether they have no tag and nothing needs them; empty for those with a tag and those
 * @param artifactType what kind of artifact they are; then also parts of indexes, and what is about other manifests
 * @param since pushed then or later
 * @param before pushed before
 * @param withLabels whether labels are shown
 */
public record ImageFilter(
        Optional<String> reference,
        List<String> labels,
        Optional<String> platform,
        Optional<Boolean> dangling,
        Optional<String> artifactType,
        Optional<Instant> since,
        Optional<Instant> before,
        boolean withLabels) {

    /** How many labels can be asked for at once. */
    public static final int MAX_LABELS = 20;

    /** The longest label, or key and value of one, that is found by, in characters. */
    public static final int MAX_LABEL = 255;

    /** All images, without their labels. */
    public static final ImageFilter ALL = new ImageFilter(
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false);

    /** Keeps its own copy of the labels. */
    public ImageFilter {
        labels = List.copyOf(labels);
    }

    Filter parsed() {
        String text = reference.orElse("*");
        int colon = text.lastIndexOf(':');
        boolean tagged = colon > text.lastIndexOf('/');
        if (labels.size() > MAX_LABELS || labels.stream().anyMatch(ImageFilter::isNoLabel)) {
            throw new Invalid(
                    "label",
                    "label is a key or key=value of at most " + MAX_LABEL + " characters, at most " + MAX_LABELS
                            + " times");
        }
        if (artifactType
                .filter(type -> type.isEmpty() || type.length() > 255 || hasControl(type))
                .isPresent()) {
            throw new Invalid("artifactType", "artifactType is a media type");
        }
        return new Filter(
                glob(tagged ? text.substring(0, colon) : text),
                tagged ? Optional.of(glob(text.substring(colon + 1))) : Optional.empty(),
                standing(),
                labels,
                platform.map(ImageFilter::platform),
                artifactType,
                since,
                before);
    }

    private Standing standing() {
        return dangling.map(value -> value ? Standing.DANGLING : Standing.TAGGED)
                .orElse(artifactType.isPresent() ? Standing.ALL : Standing.IMAGES);
    }

    private static Glob glob(String text) {
        return Glob.parse(text)
                .orElseThrow(() -> new Invalid(
                        "reference",
                        "reference is a pattern of a repository's name, or of name:tag, each of at most "
                                + Glob.MAX_LENGTH + " characters"));
    }

    private static RunsOn platform(String text) {
        String[] parts = text.split("/", -1);
        boolean wrong = parts.length < 2 || parts.length > 3 || text.length() > 255 || hasControl(text);
        for (String part : parts) {
            wrong |= part.isEmpty();
        }
        if (wrong) {
            throw new Invalid("platform", "platform is os/architecture or os/architecture/variant");
        }
        return new RunsOn(parts[0], parts[1], parts.length == 3 ? Optional.of(parts[2]) : Optional.empty());
    }

    private static boolean isNoLabel(String label) {
        return label.isEmpty() || label.length() > MAX_LABEL || label.indexOf('\0') >= 0;
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
