package dev.moorage.name;

/**
 * The identity of one team; never used again for another team, not even one of the same name.
 *
 * @param value the row's key
 */
public record TeamId(long value) {

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
