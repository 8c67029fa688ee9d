package dev.moorage.access;

import dev.moorage.error.RegistryException.Unsupported;
import dev.moorage.name.RepositoryName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a client asks a token for (Docker token specification, "Token Scope Documentation").
 *
 * @param repositories the actions by repository, in the order of the request
 * @param everywhere the actions on all repositories, as {@code repository:*:pull} asks for them
 * @param catalog whether the list of repositories is asked for
 */
record AskedScopes(Map<RepositoryName, Set<Action>> repositories, Set<Action> everywhere, boolean catalog) {

    /** How many items are read at most. */
    static final int MAX_ITEMS = 100;

    /** How many characters all items have at most. */
    static final int MAX_CHARACTERS = 8192;

    private static final Set<Action> GIVEN = EnumSet.of(Action.PULL, Action.PUSH, Action.DELETE);

    /**
     * Reads the scope parameters: each holds items with blanks between them. What is no item is dropped, never widened.
     *
     * @throws Unsupported where there is more than is read
     */
    static AskedScopes parse(List<String> parameters) {
        if (parameters.stream().mapToInt(String::length).sum() > MAX_CHARACTERS) {
            throw new Unsupported("the scopes have at most " + MAX_CHARACTERS + " characters");
        }
        List<String> items = new ArrayList<>();
        for (String parameter : parameters) {
            for (String item : parameter.split(" ", -1)) {
                if (!item.isEmpty()) {
                    items.add(item);
                }
            }
        }
        if (items.size() > MAX_ITEMS) {
            throw new Unsupported("at most " + MAX_ITEMS + " scopes in one request");
        }
        return read(items);
    }

    private static AskedScopes read(List<String> items) {
        Map<RepositoryName, Set<Action>> repositories = new LinkedHashMap<>();
        Set<Action> everywhere = EnumSet.noneOf(Action.class);
        boolean catalog = false;
        for (String item : items) {
            int first = item.indexOf(':');
            int last = item.lastIndexOf(':');
            if (first < 0 || first == last) {
                continue;
            }
            String type = item.substring(0, first);
            String name = item.substring(first + 1, last);
            String actions = item.substring(last + 1);
            if (type.equals("registry")) {
                // Docker asks so for a search, where it holds a refresh token.
                catalog |= name.equals("catalog") && (actions.equals("*") || actions.equals("search"));
            } else if (type.equals("repository") && name.equals("*")) {
                everywhere.addAll(actions(actions));
            } else if (type.equals("repository")) {
                Set<Action> asked = actions(actions);
                RepositoryName.parse(name).filter(_ -> !asked.isEmpty()).ifPresent(repository -> repositories
                        .computeIfAbsent(repository, _ -> EnumSet.noneOf(Action.class))
                        .addAll(asked));
            }
        }
        return new AskedScopes(repositories, everywhere, catalog);
    }

    /** The actions of a list; {@code *} asks for all that there are. */
    private static Set<Action> actions(String text) {
        Set<Action> actions = EnumSet.noneOf(Action.class);
        for (String word : text.split(",", -1)) {
            if (word.equals("*")) {
                actions.addAll(GIVEN);
            }
            Action.parse(word).filter(GIVEN::contains).ifPresent(actions::add);
        }
        return actions;
    }
}
