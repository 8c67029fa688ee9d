package dev.moorage.administration;

import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.AccountListStore;
import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.RobotListStore;
import dev.moorage.metadata.TeamStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.TrustedIssuerListStore;
import dev.moorage.name.OrganizationId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Finds who is to hold a role by his name. */
@ApplicationScoped
class Holders {

    private final AccountListStore accounts;
    private final TeamStore teams;
    private final RobotListStore robots;
    private final TrustedIssuerListStore issuers;

    Holders(AccountListStore accounts, TeamStore teams, RobotListStore robots, TrustedIssuerListStore issuers) {
        this.accounts = accounts;
        this.teams = teams;
        this.robots = robots;
        this.issuers = issuers;
    }

    GrantStore.Holder find(Transaction transaction, OrganizationId organization, Holder.Kind kind, String name) {
        return Optional.of(name)
                .filter(Texts::isName)
                .flatMap(text -> lookUp(transaction, organization, kind, text))
                .orElseThrow(() -> new Invalid("holder", "there is no %s %s".formatted(kind.text(), name)));
    }

    private Optional<GrantStore.Holder> lookUp(
            Transaction transaction, OrganizationId organization, Holder.Kind kind, String name) {
        return switch (kind) {
            case ACCOUNT -> accounts.find(transaction, name).map(row -> new GrantStore.Holder.Account(row.id()));
            case TEAM -> teams.find(transaction, organization, name).map(row -> new GrantStore.Holder.Team(row.id()));
            case ROBOT ->
                robots.find(transaction, organization, name).map(row -> new GrantStore.Holder.Robot(row.id()));
            case TRUSTED_ISSUER ->
                issuers.find(transaction, organization, name).map(row -> new GrantStore.Holder.Jobs(row.id()));
        };
    }
}
