package dev.moorage.metadata;

import java.util.ArrayList;
import java.util.List;

/** A statement that is put together of fixed parts, with the parameters of each in their order. */
final class SqlText {

    private final StringBuilder text = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    /** Adds a part; never one that holds what a client has sent. */
    SqlText add(String part, Object... values) {
        text.append(part).append('\n');
        parameters.addAll(List.of(values));
        return this;
    }

    String text() {
        return text.toString();
    }

    Object[] parameters() {
        return parameters.toArray();
    }
}
