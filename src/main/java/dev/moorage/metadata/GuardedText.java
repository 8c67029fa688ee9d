package dev.moorage.metadata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** A statement for several requests at once, each of which has a guard of its own: made once for each text of a guard. */
final class GuardedText {

    private static final String GUARD = "g";

    private final String text;
    private final List<String> columns;
    private final Map<String, String> texts = new ConcurrentHashMap<>();

    /** A text with two places: for what is asked for, in these columns, and behind a WHERE clause for the guard. */
    GuardedText(String text, List<String> columns) {
        this.text = text;
        this.columns = List.copyOf(columns);
    }

    /** The statement for requests that have guards of this one's text; {@code row} is what one of them asks for. */
    String text(Guard guard, Object... row) {
        return texts.computeIfAbsent(guard.conditions(), conditions -> {
            Object[] all = guard.parameters(row);
            List<String> names = Stream.concat(
                            columns.stream(), ManyAtOnce.names(GUARD, all.length - row.length).stream())
                    .toList();
            return text.formatted(ManyAtOnce.asked(names, all), ManyAtOnce.inserted(conditions, GUARD));
        });
    }

    /** The parameters that come first in the statement. */
    <Q> List<Object> arrays(List<Q> requests, Function<Q, RepositoryScope> scope, Function<Q, Object[]> row) {
        List<Object[]> rows = new ArrayList<>();
        requests.forEach(request -> rows.add(scope.apply(request).guard().parameters(row.apply(request))));
        return Arrays.asList(ManyAtOnce.arrays(rows));
    }
}
