package dev.moorage.name;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Texts that are almost what a grammar wants, and texts that are nothing of the kind. */
final class HostileText {

    private static final List<String> INTRUDERS = List.of(
            "",
            "/",
            "//",
            ".",
            "..",
            "_",
            "__",
            "___",
            "-",
            "--",
            "-_",
            ":",
            "@",
            "%2F",
            "%00",
            "\0",
            "\n",
            "\r\n",
            "\\",
            " ",
            "\t",
            "A",
            "Z",
            "g",
            "0",
            "a",
            "+",
            ";",
            "=",
            ",",
            "*",
            "é",
            "ß",
            "\u0130",
            "\u0660",
            "\uff10",
            "\u202e",
            "\ud800",
            "\ud83d\ude00",
            "\ufeff",
            "sha256:",
            "a/b",
            "bytes=");

    private HostileText() {}

    /** Texts with up to two intruders in them, or with a piece left out. */
    static Arbitrary<String> near(Arbitrary<String> valid) {
        Arbitrary<String> broken = Combinators.combine(
                        valid, Arbitraries.of(INTRUDERS), place(), Arbitraries.of(INTRUDERS), place())
                .as((text, first, at, second, then) -> insert(insert(text, first, at), second, then));
        Arbitrary<String> shortened =
                Combinators.combine(valid, place(), place()).as(HostileText::cut);
        return Arbitraries.oneOf(valid, broken, shortened, any());
    }

    /** Texts of any characters, and of the intruders. */
    static Arbitrary<String> any() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(20),
                Arbitraries.of(INTRUDERS).list().ofMaxSize(8).map(parts -> String.join("", parts)));
    }

    /** Texts of the characters of an alphabet, with lengths around a limit and from 0 to 12. */
    static Arbitrary<String> around(int limit, String alphabet) {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars(alphabet).ofMaxLength(12),
                Arbitraries.strings().withChars(alphabet).ofMinLength(limit - 1).ofMaxLength(limit + 1));
    }

    private static Arbitrary<Double> place() {
        return Arbitraries.of(0.0, 1.0, 0.5, 0.1, 0.3, 0.7, 0.9);
    }

    private static String insert(String text, String intruder, double place) {
        int at = (int) (text.length() * place);
        return text.substring(0, at) + intruder + text.substring(at);
    }

    private static String cut(String text, double from, double to) {
        int start = (int) (text.length() * Math.min(from, to));
        int end = (int) (text.length() * Math.max(from, to));
        return text.substring(0, start) + text.substring(end);
    }
}
