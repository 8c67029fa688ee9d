package dev.moorage.name;

/**
 * The identity of one account; never used again for another account, not even one of the same name.
 *
 * @param value the row's key
 */
public record AccountId(long value) {

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
