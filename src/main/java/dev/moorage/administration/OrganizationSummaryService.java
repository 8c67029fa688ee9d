package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.OrganizationStore;
import dev.moorage.metadata.OrganizationStore.Row;
import dev.moorage.metadata.OrganizationSummaryStore;
import dev.moorage.metadata.OrganizationSummaryStore.Use;
import dev.moorage.name.OrganizationId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows organizations with what they use. */
@ApplicationScoped
public class OrganizationSummaryService {

    private final Management management;
    private final OrganizationStore organizations;
    private final OrganizationSummaryStore summaries;
    private final Duration usualWindow;

    OrganizationSummaryService(
            Management management,
            OrganizationStore organizations,
            OrganizationSummaryStore summaries,
            MoorageConfig config) {
        this.management = management;
        this.organizations = organizations;
        this.summaries = summaries;
        this.usualWindow = config.undo().window();
    }

    /** The organizations in which the caller holds a role, with what each uses where he may pull all of it. */
    public Listing<OrganizationSummary> list(Grant grant, Listing.Asked asked) {
        return management.read(grant, (tx, powers) -> {
            List<Row> rows = powers.seesAll()
                    ? organizations.page(tx, asked.after(), asked.rows())
                    : organizations.page(tx, powers.organizations(), asked.after(), asked.rows());
            List<OrganizationId> whole = rows.stream()
                    .filter(row ->
                            Powers.refusal(powers.over(row.name(), Action.PULL)).isEmpty())
                    .map(Row::id)
                    .toList();
            Map<OrganizationId, Use> uses = summaries.uses(tx, whole);
            return Listing.of(
                    rows,
                    asked,
                    row -> new OrganizationSummary(
                            Organization.of(row, usualWindow),
                            Optional.ofNullable(uses.get(row.id())).map(OrganizationSummary.Use::of)),
                    row -> row.name().value());
        });
    }
}
