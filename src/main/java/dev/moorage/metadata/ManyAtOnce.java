package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.SqlArray;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Statements that do for several requests what one statement does for one: what is asked for comes as arrays, one for each
 * parameter, and each row of the answer says by its {@code place}, counted from 1, for which request it is.
 */
final class ManyAtOnce {

    private static final Pattern PARAMETER = Pattern.compile("\\?");
    private static final Map<String, String> TEXTS = new ConcurrentHashMap<>();

    private ManyAtOnce() {}

    /** The statement that asks several questions of the text of this one. */
    static String text(Question<?> one) {
        return TEXTS.computeIfAbsent(one.sql(), sql ->
                """
                SELECT found.*, asked.place
                FROM %s
                CROSS JOIN LATERAL (
                    %s
                    LIMIT 1) found
                """.formatted(asked(names("p", one.parameters().length), one.parameters()), inserted(sql, "p")));
    }

    /** Its parameters. */
    static Object[] parameters(List<Question<?>> questions) {
        return arrays(questions.stream().map(Question::parameters).toList());
    }

    /** The names {@code p1}, {@code p2}, and so on. */
    static List<String> names(String prefix, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i).toList();
    }

    /**
     * What is asked for, as a table {@code asked} of these columns and {@code place}.
     *
     * <p>The arrays come out of a SELECT, so that the planner does not see how many there are, and one plan does for all.
     */
    static String asked(List<String> names, Object... example) {
        String arrays = IntStream.range(0, example.length)
                .mapToObj(i -> "(SELECT ?::" + type(example[i]) + "[])")
                .collect(Collectors.joining(", "));
        return "unnest(" + arrays + ") WITH ORDINALITY AS asked (" + String.join(", ", names) + ", place)";
    }

    /** The text with columns of what is asked for in the place of its question marks, which are numbered from 1. */
    static String inserted(String sql, String prefix) {
        AtomicInteger next = new AtomicInteger();
        return PARAMETER.matcher(sql).replaceAll(_ -> "asked." + prefix + next.incrementAndGet());
    }

    /** What several requests ask for, as the arrays of {@link #asked}. */
    static Object[] arrays(List<Object[]> rows) {
        Object[] example = rows.getFirst();
        return IntStream.range(0, example.length)
                .mapToObj(i -> new SqlArray(
                        type(example[i]), rows.stream().map(row -> row[i]).toList()))
                .toArray();
    }

    private static String type(Object value) {
        return switch (value) {
            case String _ -> "text";
            case Long _ -> "bigint";
            case UUID _ -> "uuid";
            case byte[] _ -> "bytea";
            default -> throw new IllegalArgumentException("no array is made of " + value.getClass());
        };
    }
}
