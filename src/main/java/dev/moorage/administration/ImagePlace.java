package dev.moorage.administration;

import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.ImageListStore.Row;
import dev.moorage.metadata.ImageQuestion.Place;
import dev.moorage.name.Sorting;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a page of images ends; as text {@code repository~digest} in the order by name, and else {@code
 * key~digest~number} with the repository's number, which tells nothing and which nobody looks up.
 *
 * @param repository the repository's name; empty at the beginning
 * @param digest the manifest
 * @param inOrder the same in the order by push date or size; empty at the beginning
 */
record ImagePlace(String repository, String digest, Optional<Place> inOrder) {

    private static final char BETWEEN = '~';
    private static final String LAST_DIGEST = "~";

    static ImagePlace of(Row row) {
        String digest = row.digest().toString();
        return new ImagePlace(
                row.repository(),
                digest,
                Optional.of(new Place(
                        row.pushedAt(),
                        row.facts().size(),
                        digest,
                        row.identity().value())));
    }

    /** Behind all of a repository, in the order by name. */
    static ImagePlace behind(String repository) {
        return new ImagePlace(repository, LAST_DIGEST, Optional.empty());
    }

    String text(Sorting sorting) {
        if (sorting.key() == Sorting.Key.NAME) {
            return repository + BETWEEN + digest;
        }
        Place place = inOrder.orElseThrow();
        return Places.text(sorting, place.pushedAt(), place.size(), digest + BETWEEN + place.repository());
    }

    /** Reads a place, of which the empty text is the beginning; 400 where it is none. */
    static ImagePlace parse(Sorting sorting, String text) {
        if (text.isEmpty()) {
            return new ImagePlace("", "", Optional.empty());
        }
        Places.Place place = Places.parse(sorting, text);
        int between = place.rest().indexOf(BETWEEN);
        String first = between < 0 ? place.rest() : place.rest().substring(0, between);
        String second = between < 0 ? "" : place.rest().substring(between + 1);
        return sorting.key() == Sorting.Key.NAME
                ? new ImagePlace(first, second, Optional.empty())
                : new ImagePlace("", first, Optional.of(inOrder(place.pushedAt(), place.size(), first, second)));
    }

    private static Place inOrder(Instant pushedAt, long size, String digest, String repository) {
        try {
            return new Place(pushedAt, size, digest, Long.parseLong(repository));
        } catch (NumberFormatException _) {
            throw new Invalid("after", "after is what next was on the page before, in the same order");
        }
    }
}
