package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.access.Reach;
import dev.moorage.access.Standings;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.metadata.OutboxStore;
import dev.moorage.metadata.QuotaStore;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.RepositoryListStore.Row;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Visibility;
import dev.moorage.name.WebhookKind;
import dev.moorage.registry.Origins;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes repositories before their first push, and says who sees them. */
@ApplicationScoped
public class RepositoryService {

    private final Management management;
    private final Standings standings;
    private final RepositoryListStore repositories;
    private final QuotaStore quotas;
    private final OutboxStore outbox;
    private final Origins origins;

    RepositoryService(
            Management management,
            Standings standings,
            RepositoryListStore repositories,
            QuotaStore quotas,
            OutboxStore outbox,
            Origins origins) {
        this.management = management;
        this.standings = standings;
        this.repositories = repositories;
        this.quotas = quotas;
        this.outbox = outbox;
        this.origins = origins;
    }

    /**
     * What is to be changed of a repository; what is empty stays.
     *
     * @param name refused where it is another one
     */
    public record Change(Optional<String> name, Optional<Visibility> visibility, Optional<String> description) {}

    /** The repositories that the caller's roles let him pull. */
    public Listing<Repository> list(Grant grant, Listing.Asked asked) {
        List<Row> rows = management.read(grant, (tx, _) -> switch (standings.reach(tx, grant)) {
            case Reach.Everywhere _ -> repositories.page(tx, asked.after(), asked.rows());
            case Reach.Within(var prefixes) -> repositories.page(tx, prefixes, asked.after(), asked.rows());
        });
        return Listing.of(rows, asked, Repository::of, row -> row.name().value());
    }

    /**
     * Makes a repository. Who may push to it may make it; only an owner says who sees it.
     *
     * @param visibility the organization's default where it is empty
     */
    public Repository create(Grant grant, RepositoryName name, Optional<Visibility> visibility, String description) {
        Texts.description(description);
        return management.change(grant, AuditSubject.of(AuditAction.REPOSITORY_CREATE, name), (tx, powers, audit) -> {
            audit.with("visibility", visibility.map(Visibility::text));
            management.seen(tx, powers, name.organization(), Lock.NONE);
            Management.demand(
                    powers.over(name, Optional.empty(), visibility.isPresent() ? Action.ADMINISTER : Action.PUSH));
            demandRoom(tx, name);
            Row made = repositories
                    .insert(tx, name, visibility, description)
                    .orElseThrow(() -> new Conflict("there is a repository " + name));
            outbox.append(
                    tx,
                    made.key().organization(),
                    Optional.of(made.key().repository()),
                    origins.of(grant),
                    WebhookKind.REPOSITORY_CREATED,
                    Optional.empty());
            return Repository.of(made);
        });
    }

    /** The lock lets nobody else make one until the transaction ends: the quota is exact. */
    private void demandRoom(Transaction transaction, RepositoryName name) {
        quotas.find(transaction, name.organization()).ifPresent(organization -> {
            Optional<Integer> limit = organization.quota().repositories();
            if (limit.isEmpty()) {
                return;
            }
            quotas.lockRepositories(transaction, organization.id());
            long used = quotas.repositories(transaction, organization.id());
            if (used >= limit.get()) {
                throw new Conflict(
                        "the organization has all the repositories that its quota allows",
                        Map.of("limit", limit.get(), "used", used));
            }
        });
    }

    /** A repository that the caller may pull from. */
    public Repository get(Grant grant, RepositoryName name) {
        return management.read(
                grant, (tx, powers) -> Repository.of(management.seen(tx, powers, name, RepositoryListStore.Lock.NONE)));
    }

    /** What the caller may do to a repository that he may pull from. */
    public Set<Action> allowed(Grant grant, RepositoryName name) {
        return management.read(grant, (tx, powers) -> {
            Row row = management.seen(tx, powers, name, RepositoryListStore.Lock.NONE);
            return Stream.of(Action.values())
                    .filter(action -> Powers.refusal(powers.over(
                                    name, Optional.of(row.visibility()).filter(_ -> action == Action.PULL), action))
                            .isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
        });
    }

    /** Changes a repository, which owners may; 409 for another name. */
    public Repository change(Grant grant, RepositoryName name, Change change) {
        change.description().ifPresent(Texts::description);
        return management.change(grant, AuditSubject.of(AuditAction.REPOSITORY_CHANGE, name), (tx, powers, audit) -> {
            boolean may = Powers.refusal(powers.over(name, Optional.empty(), Action.ADMINISTER))
                    .isEmpty();
            Row row = management.seen(
                    tx, powers, name, may ? RepositoryListStore.Lock.CHANGE : RepositoryListStore.Lock.NONE);
            Management.demand(
                    (may ? management.again(tx, powers) : powers).over(name, Optional.empty(), Action.ADMINISTER));
            change.name().filter(other -> !other.equals(name.value())).ifPresent(_ -> {
                throw new Conflict(
                        "a repository keeps its name, which clients, tokens and deployments refer to: push to"
                                + " the new name, for blobs are mounted there without being sent, and delete this one");
            });
            Visibility visibility = change.visibility().orElse(row.visibility());
            String description = change.description().orElse(row.description());
            repositories.change(tx, row.key(), visibility, description);
            audit.changed("visibility", row.visibility().text(), visibility.text())
                    .changed("description", row.description(), description);
            return Repository.of(management.seen(tx, powers, name, RepositoryListStore.Lock.NONE));
        });
    }
}
