package dev.moorage.administration;

import dev.moorage.access.Grant;
import dev.moorage.access.Reach;
import dev.moorage.access.Standings;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.ImageListStore;
import dev.moorage.metadata.ImageListStore.Row;
import dev.moorage.metadata.ImageQuestion.Labels;
import dev.moorage.metadata.ImageQuestion.Scope;
import dev.moorage.metadata.ImageQuestion.Source;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Sorting;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Shows images across the repositories that the caller's roles let him pull. */
@ApplicationScoped
public class ImageService {

    private static final Sorting NEWEST = new Sorting(Sorting.Key.PUSHED, Sorting.Direction.DOWN);

    /** How often one page looks further where what it looked at does not match. */
    private static final int ROUNDS = 5;

    /** How many organizations and repositories are merged into one order by push date or size. */
    private static final int MOST_SOURCES = 1000;

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

    /**
     * Images, a page of which may be short, or empty, and still have a next one: each looks at a bounded number.
     *
     * <p>By push date or size, what the caller may pull of organizations that are not his as a whole must not be more than
     * {@value #MOST_SOURCES} repositories; by name it may.
     *
     * @param sorting by name only upwards
     */
    public Listing<StoredImage> list(Grant grant, ImageFilter wanted, Sorting sorting, Listing.Asked asked) {
        if (sorting.equals(new Sorting(Sorting.Key.NAME, Sorting.Direction.DOWN))) {
            throw new Invalid("sort", "sort is name, pushed, -pushed, size or -size");
        }
        ImageRounds.Question question = new ImageRounds.Question(
                wanted.parsed(), sorting, wanted.withLabels() ? Labels.SHOWN : Labels.LEFT_OUT, asked.rows());
        ImagePlace after = ImagePlace.parse(sorting, asked.after());
        return management.read(grant, (tx, _) -> {
            ImageRounds rounds = rounds(tx, within(standings.reach(tx, grant), question), question);
            List<Row> found = new ArrayList<>();
            Optional<ImagePlace> from = Optional.of(after);
            for (int round = 0; round < ROUNDS && found.size() <= asked.limit() && from.isPresent(); round++) {
                // The first one looks for a page, the others for what is rare.
                int examined = round == 0
                        ? Math.max(2 * asked.rows(), ImageListStore.FIRST_EXAMINED)
                        : Math.max(asked.rows(), ImageListStore.EXAMINED);
                ImageRounds.Round looked = rounds.look(tx, from.get(), examined);
                looked.rows().stream().filter(Row::matches).forEach(found::add);
                from = looked.end();
            }
            if (found.size() > asked.limit()) {
                found = found.subList(0, asked.limit());
                from = Optional.of(ImagePlace.of(found.getLast()));
            }
            return new Listing<>(found.stream().map(StoredImage::of).toList(), from.map(place -> place.text(sorting)));
        });
    }

    /** The image pushed last that a pattern finds, however many others are looked at before. */
    public Optional<StoredImage> newest(Grant grant, ImageFilter wanted) {
        Optional<String> after = Optional.of("");
        while (after.isPresent()) {
            Listing<StoredImage> page = list(grant, wanted, NEWEST, new Listing.Asked(after.get(), 1));
            if (!page.items().isEmpty()) {
                return Optional.of(page.items().getFirst());
            }
            after = page.next();
        }
        return Optional.empty();
    }

    private ImageRounds rounds(Transaction tx, Reach reach, ImageRounds.Question question) {
        if (question.sorting().key() == Sorting.Key.NAME) {
            return new ImagesByName(repositories, images, reach, question);
        }
        return switch (reach) {
            case Reach.Everywhere _ -> new ImagesInOrder(images, new Scope.Everywhere(), question);
            case Reach.Within(var prefixes) -> new ImagesInOrder(images, some(tx, prefixes), question);
        };
    }

    private Scope some(Transaction tx, List<RepositoryPrefix> prefixes) {
        List<Source> sources = images.sources(tx, prefixes, MOST_SOURCES + 1);
        if (sources.size() > MOST_SOURCES) {
            throw new Invalid(
                    "sort",
                    "these are parts of organizations with more than " + MOST_SOURCES
                            + " repositories: ask for fewer by reference, or by sort=name");
        }
        return new Scope.Some(sources);
    }

    /** The part of what the caller may pull that the pattern of names begins with. */
    private static Reach within(Reach reach, ImageRounds.Question question) {
        Optional<RepositoryPrefix> asked = prefix(question.filter().repository().value());
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
}
