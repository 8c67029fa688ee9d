package dev.moorage.http.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The address of a page with what is asked of it, as links hold it.
 *
 * @param path the page
 * @param asked names and values, encoded
 */
record Address(String path, List<String> asked) {

    /** Keeps its own copy. */
    Address {
        asked = List.copyOf(asked);
    }

    static Address of(String path) {
        return new Address(path, List.of());
    }

    /** The same and one thing more. */
    Address with(String name, String value) {
        List<String> more = new ArrayList<>(asked);
        more.add(Shown.part(name) + '=' + Shown.part(value));
        return new Address(path, more);
    }

    /** The same and one thing more, where there is one. */
    Address with(String name, Optional<String> value) {
        return value.filter(text -> !text.isEmpty())
                .map(text -> with(name, text))
                .orElse(this);
    }

    /** The same and each of some things. */
    Address with(String name, List<String> values) {
        Address address = this;
        for (String value : values) {
            address = address.with(name, value);
        }
        return address;
    }

    @Override
    public String toString() {
        return asked.isEmpty() ? path : path + '?' + String.join("&", asked);
    }
}
