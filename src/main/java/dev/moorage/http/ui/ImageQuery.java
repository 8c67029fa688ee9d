package dev.moorage.http.ui;

import dev.moorage.administration.ImageFilter;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.http.Fields;
import dev.moorage.name.Sorting;
import java.util.List;
import java.util.Optional;

/**
 * Which images the form asks for, in its own words.
 *
 * @param reference a pattern of names
 * @param labels keys, or keys and values
 * @param platform on what they run
 * @param standing {@code tagged}, {@code dangling}, or empty for the usual ones
 * @param artifactType what kind of artifact they are
 * @param since pushed then or later
 * @param before pushed before
 * @param sort in which order
 */
record ImageQuery(
        String reference,
        List<String> labels,
        String platform,
        String standing,
        String artifactType,
        String since,
        String before,
        String sort) {

    private static final String NEWEST = "-pushed";

    /** Keeps its own copy. */
    ImageQuery {
        labels = List.copyOf(labels);
    }

    static ImageQuery of(ConsoleRequest request) {
        return new ImageQuery(
                request.query("reference").orElse(""),
                request.queries("label"),
                request.query("platform").orElse(""),
                request.query("standing").orElse(""),
                request.query("artifact-type").orElse(""),
                request.query("since").orElse(""),
                request.query("before").orElse(""),
                request.query("sort").orElse(NEWEST));
    }

    ImageFilter filter() {
        return new ImageFilter(
                said(reference),
                labels,
                said(platform),
                dangling(),
                said(artifactType),
                said(since).map(text -> Moments.parse("since", text)),
                said(before).map(text -> Moments.parse("before", text)),
                false);
    }

    Sorting sorting() {
        return Fields.sorting(sort);
    }

    /** The day of it, as the field for one holds it. */
    public String sinceDay() {
        return day(since);
    }

    /** The day of it, as the field for one holds it. */
    public String beforeDay() {
        return day(before);
    }

    /** Whether fewer are asked for than there are. */
    public boolean filtered() {
        return !labels.isEmpty() || !(reference + platform + standing + artifactType + since + before).isEmpty();
    }

    /** Where these are shown. */
    Address address() {
        return Address.of("/console/images")
                .with("reference", said(reference))
                .with("label", labels)
                .with("platform", said(platform))
                .with("standing", said(standing))
                .with("artifact-type", said(artifactType))
                .with("since", said(since))
                .with("before", said(before))
                .with("sort", Optional.of(sort).filter(order -> !order.equals(NEWEST)));
    }

    private Optional<Boolean> dangling() {
        return switch (standing) {
            case "" -> Optional.empty();
            case "dangling" -> Optional.of(true);
            case "tagged" -> Optional.of(false);
            default -> throw new Invalid("standing", "standing is tagged or dangling, or left out");
        };
    }

    private static String day(String text) {
        return text.isEmpty() ? "" : Moments.day(Moments.parse("since", text));
    }

    private static Optional<String> said(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }
}
