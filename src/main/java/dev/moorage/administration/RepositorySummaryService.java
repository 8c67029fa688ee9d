package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.access.Reach;
import dev.moorage.access.Standings;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.metadata.RepositorySummaryStore;
import dev.moorage.metadata.RepositorySummaryStore.Summary;
import dev.moorage.metadata.RepositorySummaryStore.Wanted;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryPrefix;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Shows the repositories of an organization as a page lists them. */
@ApplicationScoped
public class RepositorySummaryService {

    /** How many repositories are looked at for one page, where a part of the name is asked for. */
    static final int EXAMINED = 5000;

    private final Management management;
    private final Standings standings;
    private final RepositorySummaryStore repositories;

    RepositorySummaryService(Management management, Standings standings, RepositorySummaryStore repositories) {
        this.management = management;
        this.standings = standings;
        this.repositories = repositories;
    }

    /**
     * The repositories of an organization that the caller may pull, in the order of their names.
     *
     * @param part a text in their names behind the organization's; empty for any. Where there are very many repositories a
     *     page may hold fewer than are asked for, and the next one goes on where it ended.
     */
    public Listing<RepositorySummary> list(
            Grant grant, OrganizationName organization, String part, Listing.Asked asked) {
        return management.read(grant, (tx, powers) -> {
            management.seen(tx, powers, organization, Lock.NONE);
            Wanted wanted = new Wanted(
                    parts(tx, powers, grant, organization),
                    part.toLowerCase(Locale.ROOT),
                    asked.after(),
                    part.isEmpty() ? asked.rows() : EXAMINED);
            List<Summary> rows = repositories.page(tx, organization, wanted, asked.rows());
            Listing<Summary> page =
                    Listing.of(rows, asked, row -> row, row -> row.row().name().value());
            Optional<String> next = page.next()
                    .or(() -> part.isEmpty() ? Optional.empty() : repositories.last(tx, organization, wanted));
            return new Listing<>(
                    page.items().stream()
                            .filter(row -> mayPull(powers, row))
                            .map(RepositorySummary::of)
                            .toList(),
                    next);
        });
    }

    // A token may be for less than what is public.
    private static boolean mayPull(Powers powers, Summary summary) {
        return Powers.refusal(powers.over(
                        summary.row().name(), Optional.of(summary.row().visibility()), Action.PULL))
                .isEmpty();
    }

    private List<RepositoryPrefix> parts(
            Transaction transaction, Powers powers, Grant grant, OrganizationName organization) {
        RepositoryPrefix whole = new RepositoryPrefix(organization.value());
        if (Powers.refusal(powers.over(organization, Action.PULL)).isEmpty()) {
            return List.of(whole);
        }
        return switch (standings.reach(transaction, grant)) {
            case Reach.Everywhere _ -> List.of(whole);
            case Reach.Within(var prefixes) ->
                prefixes.stream().filter(whole::covers).toList();
        };
    }
}
