package dev.moorage.name;

/**
 * The identity of an issuer that an organization trusts; never used again for another one, not even one of the same name.
 *
 * @param value the row's key
 */
public record TrustedIssuerId(long value) {

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
