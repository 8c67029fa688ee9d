package dev.moorage.administration;

import dev.moorage.access.Grant;
import dev.moorage.access.Reach;
import dev.moorage.access.Standings;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.ImageListStore;
import dev.moorage.metadata.ImageListStore.Row;
import dev.moorage.metadata.ImageQuestion.Filter;
import dev.moorage.metadata.ImageQuestion.Labels;
import dev.moorage.metadata.ImageQuestion.Place;
import dev.moorage.metadata.ImageQuestion.Scope;
import dev.moorage.metadata.ImageQuestion.Wanted;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Sorting;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Shows images across the repositories that the caller's roles let him pull. */
@ApplicationScoped
public class ImageService {

    /** How often one page looks further where what it looked at does not match. */
    private static final int ROUNDS = 5;

    private static final int REPOSITORIES = 50;
    private static final String LAST_DIGEST = "~";

    private final Management management;
    private final Standings standings;
    private final RepositoryListStore repositories;
    private final ImageListStore images;

    ImageService(Management management, Standings standings, RepositoryListStore repositories, ImageListStore images) {
        this.management = management;
        this.standings = standings;
        this.repositories = repositories;
        this.images = images;
    }

    /** What was looked at, and where it ended; empty where there is nothing behind. */
    private record Round(List<Row> rows, Optional<Place> end) {}

    /**
     * Images, a page of which may be short, or empty, and still have a next one: each looks at a bounded number.
     *
     * @param sorting by name only upwards
     */
    public Listing<StoredImage> list(Grant grant, ImageFilter wanted, Sorting sorting, Listing.Asked asked) {
        if (sorting.equals(new Sorting(Sorting.Key.NAME, Sorting.Direction.DOWN))) {
            throw new Invalid("sort", "sort is name, pushed, -pushed, size or -size");
        }
        Filter filter = wanted.parsed();
        Labels labels = wanted.withLabels() ? Labels.SHOWN : Labels.LEFT_OUT;
        Optional<Place> after =
                Optional.of(asked.after()).filter(text -> !text.isEmpty()).map(text -> place(sorting, text));
        return management.read(grant, (tx, _) -> {
            Reach reach = within(standings.reach(tx, grant), filter);
            List<Row> found = new ArrayList<>();
            Optional<Place> from = after;
            for (int round = 0; round < ROUNDS; round++) {
                Wanted question = new Wanted(new Scope.Everywhere(), sorting, from, filter, labels);
                Round looked = round(tx, reach, question, asked);
                looked.rows().stream().filter(Row::matches).forEach(found::add);
                from = looked.end();
                if (found.size() > asked.limit() || from.isEmpty()) {
                    break;
                }
            }
            if (found.size() > asked.limit()) {
                found = found.subList(0, asked.limit());
                from = Optional.of(place(found.getLast()));
            }
            return new Listing<>(found.stream().map(StoredImage::of).toList(), from.map(place -> text(sorting, place)));
        });
    }

    /** The part of what the caller may pull that the pattern of names begins with. */
    private static Reach within(Reach reach, Filter filter) {
        Optional<RepositoryPrefix> asked = prefix(filter.repository().value());
        return switch (reach) {
            case Reach.Everywhere _ when asked.isPresent() -> new Reach.Within(List.of(asked.get()));
            case Reach.Within(var prefixes)
            when asked.isPresent() ->
                new Reach.Within(prefixes.stream()
                        .flatMap(prefix -> Stream.of(prefix, asked.get())
                                .filter(one -> prefix.covers(one) && asked.get().covers(one)))
                        .toList());
            case Reach.Everywhere _, Reach.Within _ -> reach;
        };
    }

    private static Optional<RepositoryPrefix> prefix(String glob) {
        int wild = 0;
        while (wild < glob.length() && glob.charAt(wild) != '*' && glob.charAt(wild) != '?') {
            wild++;
        }
        int end = wild == glob.length() ? wild : glob.lastIndexOf('/', wild - 1);
        return Optional.of(end)
                .filter(length -> length > 0)
                .flatMap(length -> RepositoryPrefix.parse(glob.substring(0, length)));
    }

    private Round round(Transaction tx, Reach reach, Wanted wanted, Listing.Asked asked) {
        if (wanted.sorting().key() == Sorting.Key.NAME) {
            return byName(tx, reach, wanted, asked);
        }
        Scope scope =
                switch (reach) {
                    case Reach.Everywhere _ -> new Scope.Everywhere();
                    case Reach.Within(var prefixes) -> new Scope.Within(prefixes);
                };
        return looked(tx, in(scope, wanted), asked);
    }

    /** The next repositories by name, and their images. */
    private Round byName(Transaction tx, Reach reach, Wanted wanted, Listing.Asked asked) {
        String after = wanted.after().map(Place::repository).orElse("");
        List<RepositoryListStore.Row> rows =
                switch (reach) {
                    case Reach.Everywhere _ -> repositories.page(tx, after, REPOSITORIES);
                    case Reach.Within(var prefixes) -> repositories.page(tx, prefixes, after, REPOSITORIES);
                };
        List<RepositoryName> next =
                rows.stream().map(RepositoryListStore.Row::name).toList();
        // What is left of the repository where the page before ended, unless it is none of the caller's.
        List<RepositoryName> asks = Stream.concat(
                        RepositoryName.parse(after).filter(reach::covers).stream(), next.stream())
                .filter(name -> wanted.filter().repository().matches(name.value()))
                .toList();
        Round looked = asks.isEmpty()
                ? new Round(List.of(), Optional.empty())
                : looked(tx, in(new Scope.These(asks), wanted), asked);
        return looked.end().isEmpty() && next.size() == REPOSITORIES
                ? new Round(
                        looked.rows(),
                        Optional.of(new Place(
                                Instant.EPOCH, 0, LAST_DIGEST, next.getLast().value())))
                : looked;
    }

    private Round looked(Transaction tx, Wanted wanted, Listing.Asked asked) {
        List<Row> rows = images.page(tx, wanted, asked.rows());
        // As many as were asked for: there may be more behind the last of them.
        boolean more = rows.size() == asked.rows()
                || (!rows.isEmpty() && rows.getLast().last());
        return new Round(rows, more ? Optional.of(place(rows.getLast())) : Optional.empty());
    }

    private static Wanted in(Scope scope, Wanted wanted) {
        return new Wanted(scope, wanted.sorting(), wanted.after(), wanted.filter(), wanted.labels());
    }

    private static Place place(Row row) {
        return new Place(row.pushedAt(), row.facts().size(), row.digest().toString(), row.repository());
    }

    private static String text(Sorting sorting, Place place) {
        String rest = sorting.key() == Sorting.Key.NAME
                ? place.repository() + '~' + place.digest()
                : place.digest() + '~' + place.repository();
        return Places.text(sorting, place.pushedAt(), place.size(), rest);
    }

    private static Place place(Sorting sorting, String text) {
        Places.Place place = Places.parse(sorting, text);
        int between = place.rest().indexOf('~');
        String first = between < 0 ? place.rest() : place.rest().substring(0, between);
        String second = between < 0 ? "" : place.rest().substring(between + 1);
        return sorting.key() == Sorting.Key.NAME
                ? new Place(place.pushedAt(), place.size(), second, first)
                : new Place(place.pushedAt(), place.size(), first, second);
    }
}
