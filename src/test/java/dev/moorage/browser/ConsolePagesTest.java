package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.Endpoints;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConsolePagesTest {

    /** A page that is not in the list is one that no browser has looked at. */
    @Test
    void listNamesEveryPageOfTheConsole() {
        Set<String> listed = new TreeSet<>(ConsolePages.pages());
        listed.addAll(ConsolePages.others());

        assertThat(listed)
                .containsAll(Endpoints.pages().keySet().stream()
                        .filter(endpoint -> endpoint.equals("GET /") || endpoint.startsWith("GET /console"))
                        .map(endpoint -> endpoint.substring("GET ".length()))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }
}
