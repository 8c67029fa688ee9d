package dev.moorage.http.ui;

import dev.moorage.administration.ImageTag;
import dev.moorage.administration.Listing;
import dev.moorage.name.Sorting;
import java.util.List;
import java.util.Optional;

/**
 * The table of a repository's tags.
 *
 * @param repository the repository's name
 * @param filter the pattern that is asked for, as it was typed; empty for all tags
 * @param sorting in which order
 * @param page the tags
 * @param first whether it is the first page
 * @param deletes whether the reader may delete tags
 * @param pulled the tag that the commands pull
 * @param commands how it is pulled
 */
record TagsView(
        String repository,
        String filter,
        Sorting sorting,
        Listing<ImageTag> page,
        boolean first,
        boolean deletes,
        Optional<String> pulled,
        List<PullCommands.Command> commands) {

    private static final List<Column> COLUMNS = List.of(
            new Column("Tag", Sorting.Key.NAME, "name", Sorting.Direction.UP),
            new Column("Size", Sorting.Key.SIZE, "size", Sorting.Direction.DOWN),
            new Column("Pushed", Sorting.Key.PUSHED, "pushed", Sorting.Direction.DOWN));

    private record Column(String label, Sorting.Key key, String word, Sorting.Direction usual) {}

    /**
     * The head of a column that the table can be sorted by.
     *
     * @param label what stands in it
     * @param aria in which direction the table is sorted by it now: {@code ascending}, {@code descending}, {@code none}
     * @param address where the table is sorted by it, the other way round if it is already
     */
    record Head(String label, String aria, String address) {}

    /** Whether there is no tag at all. */
    public boolean nothing() {
        return page.items().isEmpty()
                && first
                && filter.isEmpty()
                && page.next().isEmpty();
    }

    /** The head of the column of names. */
    public Head name() {
        return head(COLUMNS.get(0));
    }

    /** The head of the column of sizes. */
    public Head size() {
        return head(COLUMNS.get(1));
    }

    /** The head of the column of push dates. */
    public Head pushed() {
        return head(COLUMNS.get(2));
    }

    /** The order, as the address writes it. */
    public String sort() {
        String word = COLUMNS.stream()
                .filter(column -> column.key() == sorting.key())
                .findFirst()
                .orElseThrow()
                .word();
        return sorting.direction() == Sorting.Direction.UP ? word : '-' + word;
    }

    /** Where the first page is. */
    public String begin() {
        return address(sort());
    }

    /** Where the next page is. */
    public Optional<String> further() {
        return page.next().map(after -> address(sort()) + "&after=" + Shown.part(after));
    }

    /** What a tag is, in a word. */
    static Artifact artifact(ImageTag tag) {
        return Artifact.of(tag.mediaType(), tag.artifactType());
    }

    private Head head(Column column) {
        boolean by = column.key() == sorting.key();
        boolean up = sorting.direction() == Sorting.Direction.UP;
        boolean next = by ? !up : column.usual() == Sorting.Direction.UP;
        String aria = up ? "ascending" : "descending";
        return new Head(column.label(), by ? aria : "none", address(next ? column.word() : '-' + column.word()));
    }

    private String address(String sort) {
        String query = filter.isEmpty() ? "" : "name=" + Shown.part(filter) + '&';
        return Shown.repository(repository) + '?' + query + "sort=" + sort;
    }
}
