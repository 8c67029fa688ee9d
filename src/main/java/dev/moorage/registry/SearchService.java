package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.access.Reach;
import dev.moorage.access.Standings;
import dev.moorage.error.RegistryException.Unsupported;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.RepositoryName;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds repositories by a part of their names, among those that the catalog shows the caller. */
@Singleton
public class SearchService {

    /** How many repositories one page holds at most. */
    public static final int MAX_SIZE = 100;

    /** How many matches are told of at most, over all pages. */
    public static final int MAX_FOUND = 1000;

    /** How many repositories are looked at, in the order of their names. */
    public static final int EXAMINED = 10_000;

    private static final int STEP = 1000;

    private final Transactions transactions;
    private final RepositoryStore repositories;
    private final RepositoryListStore descriptions;
    private final Standings standings;

    SearchService(
            Transactions transactions,
            RepositoryStore repositories,
            RepositoryListStore descriptions,
            Standings standings) {
        this.transactions = transactions;
        this.repositories = repositories;
        this.descriptions = descriptions;
        this.standings = standings;
    }

    /** A repository. */
    public record Named(String name, String description) {}

    /**
     * A page of what was found.
     *
     * @param repositories those of the page
     * @param matches how many there are on all pages, at most {@value #MAX_FOUND}
     */
    public record Found(List<Named> repositories, int matches) {

        /** Keeps its own copy. */
        public Found {
            repositories = List.copyOf(repositories);
        }
    }

    /**
     * Repositories in whose names a text occurs, by name.
     *
     * @param page which page, from 1
     * @param size how many on a page
     */
    public Found search(Grant grant, String query, int page, int size) {
        if (query.length() > RepositoryName.MAX_LENGTH) {
            throw new Unsupported("q has at most " + RepositoryName.MAX_LENGTH + " characters");
        }
        String part = query.toLowerCase(Locale.ROOT);
        return transactions.list(tx -> {
            List<String> matches = matches(tx, standings.reach(tx, grant), part);
            List<String> names =
                    matches.stream().skip((page - 1L) * size).limit(size).toList();
            Map<String, String> said = descriptions.descriptions(tx, names);
            return new Found(
                    names.stream()
                            .map(name -> new Named(name, said.getOrDefault(name, "")))
                            .toList(),
                    matches.size());
        });
    }

    private List<String> matches(Transaction transaction, Reach reach, String part) {
        List<String> matches = new ArrayList<>();
        String after = "";
        for (int looked = 0; looked < EXAMINED && matches.size() < MAX_FOUND; looked += STEP) {
            List<String> names =
                    switch (reach) {
                        case Reach.Everywhere _ -> repositories.catalog(transaction, after, STEP);
                        case Reach.Within(var prefixes) -> repositories.catalog(transaction, prefixes, after, STEP);
                    };
            names.stream()
                    .filter(name -> name.contains(part))
                    .limit((long) MAX_FOUND - matches.size())
                    .forEach(matches::add);
            if (names.size() < STEP) {
                break;
            }
            after = names.getLast();
        }
        return matches;
    }
}
