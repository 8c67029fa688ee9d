package dev.moorage.administration;

import dev.moorage.access.Reach;
import dev.moorage.metadata.ImageListStore;
import dev.moorage.metadata.ImageQuestion.NamedSource;
import dev.moorage.metadata.ImageQuestion.Scope;
import dev.moorage.metadata.ImageQuestion.Wanted;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.RepositoryListStore.Lock;
import dev.moorage.metadata.RepositoryListStore.Row;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.RepositoryName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Images by the names of their repositories, a few of which are looked into in each round. */
record ImagesByName(RepositoryListStore repositories, ImageListStore images, Reach reach, Question question)
        implements ImageRounds {

    /** How many names are compared with the pattern in a round. */
    private static final int NAMES = 250;

    @Override
    public Round look(Transaction transaction, ImagePlace after, int examined) {
        List<Row> names = next(transaction, after.repository());
        // What is left of the repository where the round before ended, unless it is none of the caller's.
        List<NamedSource> matching = Stream.concat(
                        RepositoryName.parse(after.repository())
                                .filter(reach::covers)
                                .flatMap(name -> repositories.find(transaction, name, Lock.NONE))
                                .map(row -> new NamedSource(row.key(), row.name(), after.digest()))
                                .stream(),
                        names.stream().map(row -> new NamedSource(row.key(), row.name(), "")))
                .filter(source ->
                        question.filter().repository().matches(source.name().value()))
                .toList();
        List<NamedSource> asked =
                matching.stream().limit(ImageListStore.REPOSITORIES).toList();
        Round looked = asked.isEmpty() ? Round.of(List.of(), question.rows()) : look(transaction, asked, examined);
        if (looked.end().isPresent()) {
            return looked;
        }
        Optional<String> behind = Optional.empty();
        if (asked.size() < matching.size()) {
            behind = Optional.of(asked.getLast().name().value());
        } else if (names.size() == NAMES) {
            behind = Optional.of(names.getLast().name().value());
        }
        return new Round(looked.rows(), behind.map(ImagePlace::behind));
    }

    private List<Row> next(Transaction transaction, String after) {
        return switch (reach) {
            case Reach.Everywhere _ -> repositories.page(transaction, after, NAMES);
            case Reach.Within(var prefixes) -> repositories.page(transaction, prefixes, after, NAMES);
        };
    }

    private Round look(Transaction transaction, List<NamedSource> asked, int examined) {
        Wanted wanted = new Wanted(
                new Scope.Named(asked), question.sorting(), Optional.empty(), question.filter(), question.labels());
        return Round.of(images.page(transaction, wanted, question.rows(), examined), question.rows());
    }
}
