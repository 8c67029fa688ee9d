package dev.moorage.metadata;

/** A pattern of {@code *} and {@code ?} as SQL matches it by LIKE. */
final class Like {

    /** Matches every text. */
    static final String ANYTHING = "%";

    private Like() {}

    /** The pattern of a glob. */
    static String of(String glob) {
        StringBuilder pattern = new StringBuilder();
        glob.chars().forEach(c -> {
            switch (c) {
                case '*' -> pattern.append('%');
                case '?' -> pattern.append('_');
                case '%', '_', '\\' -> pattern.append('\\').append((char) c);
                default -> pattern.append((char) c);
            }
        });
        return pattern.toString();
    }

    /** What every text begins with that the glob matches. */
    static String beginning(String glob) {
        int end = 0;
        while (end < glob.length() && glob.charAt(end) != '*' && glob.charAt(end) != '?') {
            end++;
        }
        return glob.substring(0, end);
    }
}
