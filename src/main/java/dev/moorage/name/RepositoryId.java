package dev.moorage.name;

/**
 * The identity of one repository row; never used again for another repository, not even one of the same name.
 *
 * @param value the row's key
 */
public record RepositoryId(long value) {

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
