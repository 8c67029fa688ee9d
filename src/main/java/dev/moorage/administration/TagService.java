package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.RepositoryListStore.Lock;
import dev.moorage.metadata.TagHistoryStore;
import dev.moorage.metadata.TagHistoryStore.Move;
import dev.moorage.metadata.TagListStore;
import dev.moorage.metadata.TagListStore.Row;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Sorting;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Shows tags with what they name, and what became of them; whoever may pull sees both. */
@ApplicationScoped
public class TagService {

    private static final int MOST_TOGETHER = 100;

    private final Management management;
    private final TagListStore tags;
    private final TagHistoryStore history;

    TagService(Management management, TagListStore tags, TagHistoryStore history) {
        this.management = management;
        this.tags = tags;
        this.history = history;
    }

    /**
     * Tags of a repository. One page looks at {@value TagListStore#EXAMINED} tags at most: where the pattern passes over
     * most of them it may be short, or empty, and still have a next one.
     */
    public Listing<ImageTag> list(
            Grant grant,
            RepositoryName repository,
            Optional<TagPattern> pattern,
            Sorting sorting,
            Listing.Asked asked) {
        Optional<TagListStore.Place> after = Optional.of(asked.after())
                .filter(text -> !text.isEmpty())
                .map(text -> Places.parse(sorting, text))
                .map(place -> new TagListStore.Place(place.pushedAt(), place.size(), place.rest()));
        TagListStore.Wanted wanted = new TagListStore.Wanted(pattern, sorting, after);
        List<Row> rows = management.read(grant, (tx, powers) -> {
            RepositoryKey key =
                    management.seen(tx, powers, repository, Lock.NONE).key();
            return tags.page(tx, key, wanted, asked.rows());
        });
        return page(rows, sorting, asked);
    }

    private static Listing<ImageTag> page(List<Row> rows, Sorting sorting, Listing.Asked asked) {
        List<ImageTag> items = new ArrayList<>();
        Optional<Row> before = Optional.empty();
        for (Row row : rows) {
            if (items.size() == asked.limit()) {
                return new Listing<>(items, before.map(last -> place(sorting, last)));
            }
            if (row.matches()) {
                items.add(ImageTag.of(row));
            }
            before = Optional.of(row);
        }
        return new Listing<>(items, before.filter(Row::last).map(last -> place(sorting, last)));
    }

    private static String place(Sorting sorting, Row row) {
        return Places.text(
                sorting, row.pushedAt(), row.facts().size(), row.tag().value());
    }

    /** A tag. */
    public ImageTag get(Grant grant, RepositoryName repository, String name) {
        return Tag.parse(name)
                .flatMap(tag -> management.read(
                        grant,
                        (tx, powers) -> tags.find(
                                tx,
                                management
                                        .seen(tx, powers, repository, Lock.NONE)
                                        .key(),
                                tag)))
                .map(ImageTag::of)
                .orElseThrow(() -> new NotFound("tag", name));
    }

    /** The names of the tags on a manifest, the first {@value #MOST_TOGETHER} in byte order. */
    public List<String> on(Grant grant, RepositoryName repository, Digest digest) {
        return management.read(
                grant,
                (tx, powers) ->
                        tags
                                .on(
                                        tx,
                                        management
                                                .seen(tx, powers, repository, Lock.NONE)
                                                .key(),
                                        digest,
                                        MOST_TOGETHER)
                                .stream()
                                .map(Tag::value)
                                .toList());
    }

    /**
     * What became of a tag, the newest first; also of one that is not there any more.
     *
     * <p>Network addresses and the claims of CI jobs are for maintainers, who may undo what is shown.
     */
    public Listing<TagMove> history(Grant grant, RepositoryName repository, String name, Listing.Asked asked) {
        Tag tag = Tag.parse(name).orElseThrow(() -> new NotFound("tag", name));
        Optional<UUID> after =
                Optional.of(asked.after()).filter(text -> !text.isEmpty()).map(TagService::event);
        return management.read(grant, (tx, powers) -> {
            RepositoryKey key =
                    management.seen(tx, powers, repository, Lock.NONE).key();
            List<Move> moves = history.page(tx, key, tag, after, asked.rows());
            if (moves.isEmpty() && after.isEmpty()) {
                throw new NotFound("tag", name);
            }
            TagMove.Detail detail = detail(powers, repository);
            return Listing.of(moves, asked, move -> TagMove.of(move, detail), move -> move.reference()
                    .toString());
        });
    }

    private static TagMove.Detail detail(Powers powers, RepositoryName repository) {
        if (may(powers, repository, Action.DELETE)) {
            return TagMove.Detail.WHOLE;
        }
        return may(powers, repository, Action.PULL) ? TagMove.Detail.WITHOUT_ORIGIN : TagMove.Detail.WITHOUT_PEOPLE;
    }

    /** Whether a role of the caller's allows it, and not that the repository is public. */
    private static boolean may(Powers powers, RepositoryName repository, Action action) {
        return Powers.refusal(powers.over(repository, Optional.empty(), action)).isEmpty();
    }

    private static UUID event(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            throw new Invalid("after", "after is what next was on the page before");
        }
    }
}
