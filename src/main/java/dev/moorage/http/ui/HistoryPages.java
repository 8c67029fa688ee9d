package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.TagMove;
import dev.moorage.administration.TagService;
import dev.moorage.lifecycle.EventService;
import dev.moorage.lifecycle.RecordedEvent;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.ComparisonService;
import dev.moorage.registry.ImageComparison;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.RequestScoped;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the pages that tell what happened. */
@RequestScoped
class HistoryPages {

    /** Of how many moves of tags a page says what differed; of the others a link does. */
    private static final int COMPARED = 10;

    private final ConsoleRequest request;
    private final TagService tags;
    private final EventService events;
    private final ComparisonService comparisons;

    HistoryPages(ConsoleRequest request, TagService tags, EventService events, ComparisonService comparisons) {
        this.request = request;
        this.tags = tags;
        this.events = events;
        this.comparisons = comparisons;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance history(Frame frame, HistoryPage page);

        static native TemplateInstance organizationHistory(Frame frame, HistoryPage page);
    }

    /** What became of a tag. */
    TemplateInstance tag(String tag) {
        Grant grant = request.grant();
        RepositoryName name = request.repository();
        Listing<TagMove> moves = tags.history(grant, name, tag, request.page());
        Stream<Moved> pullable = moves.items().stream()
                .filter(move -> pullable(move.from()) && pullable(move.to()))
                .map(move -> new Moved(
                        move.event().toString(),
                        new ComparisonService.Move(
                                move.from().orElseThrow().digest(),
                                move.to().orElseThrow().digest())));
        return Pages.history(
                request.frame(),
                new HistoryPage(
                        name.value(),
                        Shown.repository(name.value()),
                        Optional.of(tag),
                        moves.items().stream()
                                .map(move -> HistoryRow.of(move, tag))
                                .toList(),
                        moves.next(),
                        false,
                        compared(grant, name, pullable)));
    }

    /** What happened in a repository. */
    TemplateInstance repository() {
        Grant grant = request.grant();
        RepositoryName name = request.repository();
        Listing<HistoryRow> rows = rows(events.list(grant, name, request.page()));
        Stream<Moved> moves = rows.items().stream()
                .filter(HistoryRow::isComparable)
                .map(row -> new Moved(
                        row.reference(),
                        new ComparisonService.Move(
                                row.from().orElseThrow(), row.to().orElseThrow())));
        return Pages.history(
                request.frame(),
                HistoryPage.of(
                        name.value(),
                        Shown.repository(name.value()),
                        rows,
                        request.query("done"),
                        compared(grant, name, moves)));
    }

    /** What happened in an organization. */
    TemplateInstance organization(String organization) {
        Grant grant = request.grant();
        OrganizationName name = ConsoleRequest.organization(organization);
        return Pages.organizationHistory(
                request.frame(),
                HistoryPage.of(
                        name.value(),
                        Shown.organization(name.value()),
                        rows(events.list(grant, name, request.page())),
                        request.query("done"),
                        Map.of()));
    }

    private static Listing<HistoryRow> rows(Listing<RecordedEvent> events) {
        return new Listing<>(events.items().stream().map(HistoryRow::of).toList(), events.next());
    }

    /** A move of a tag, by its event. */
    private record Moved(String event, ComparisonService.Move move) {}

    /** What the newest of some moves changed; of a manifest that is not there any more nothing is said. */
    private Map<String, ImageComparison> compared(Grant grant, RepositoryName repository, Stream<Moved> moves) {
        Map<String, ComparisonService.Move> wanted = new LinkedHashMap<>();
        moves.limit(COMPARED).forEach(moved -> wanted.put(moved.event(), moved.move()));
        Map<ComparisonService.Move, ImageComparison> found =
                comparisons.compare(grant, repository, Set.copyOf(wanted.values()));
        Map<String, ImageComparison> compared = new HashMap<>();
        wanted.forEach((event, move) ->
                Optional.ofNullable(found.get(move)).ifPresent(comparison -> compared.put(event, comparison)));
        return compared;
    }

    private static boolean pullable(Optional<TagMove.Version> version) {
        return version.filter(TagMove.Version::pullable).isPresent();
    }
}
