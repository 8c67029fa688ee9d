package dev.moorage.name;

/**
 * The identity of one webhook; never used again for another one, not even one of the same name.
 *
 * @param value the row's key
 */
public record WebhookId(long value) {

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
