package dev.moorage.name;

import java.util.regex.Pattern;

/** What the names of accounts may be. */
public final class AccountName {

    private static final Pattern GRAMMAR = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,254}");
    private static final String NOBODY = "anonymous";

    private AccountName() {}

    /** Whether there can be such a name. */
    public static boolean isPossible(String text) {
        return GRAMMAR.matcher(text).matches();
    }

    /** Whether an account may be given such a name: the one of those without credentials is nobody's. */
    public static boolean isFree(String text) {
        return isPossible(text) && !text.equals(NOBODY);
    }
}
