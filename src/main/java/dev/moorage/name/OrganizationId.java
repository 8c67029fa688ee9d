package dev.moorage.name;

/**
 * The identity of one organization row; never used again for another organization, not even one of the same name.
 *
 * @param value the row's key
 */
public record OrganizationId(long value) {

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
