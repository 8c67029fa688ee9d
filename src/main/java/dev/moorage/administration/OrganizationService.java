package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.OrganizationStore;
import dev.moorage.metadata.OrganizationStore.Contents;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.metadata.OrganizationStore.Row;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Role;
import dev.moorage.name.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes organizations, which administrators do, and changes them, which their owners do. */
@ApplicationScoped
public class OrganizationService {

    private final Management management;
    private final OrganizationStore organizations;
    private static final Duration SHORTEST_WINDOW = Duration.ofDays(1);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(365);

    private final GrantStore grants;
    private final Duration usualWindow;

    OrganizationService(
            Management management, OrganizationStore organizations, GrantStore grants, MoorageConfig config) {
        this.management = management;
        this.organizations = organizations;
        this.grants = grants;
        this.usualWindow = config.undo().window();
    }

    /** How long what is deleted or overwritten in an organization can be brought back. */
    public sealed interface UndoWindow {
        /** As long as the registry's setting says. */
        record Usual() implements UndoWindow {}

        /** So long: whoever takes an owner's place for a moment cannot make it nothing. */
        record Of(Duration length) implements UndoWindow {}
    }

    /** What is to be changed of an organization; what is empty stays. */
    public record Change(Optional<Visibility> defaultVisibility, Optional<UndoWindow> undoWindow) {}

    /**
     * Makes an organization.
     *
     * @param owner the account that owns it; empty for none yet
     */
    public Organization create(
            Grant grant, OrganizationName name, Visibility defaultVisibility, Optional<String> owner) {
        return management.change(grant, AuditSubject.of(AuditAction.ORGANIZATION_CREATE, name), (tx, powers, audit) -> {
            audit.with("defaultVisibility", defaultVisibility.text()).with("owner", owner);
            Management.demand(powers.everywhere(Action.ADMINISTER));
            Row made = organizations
                    .insert(tx, name, defaultVisibility)
                    .orElseThrow(() -> new Conflict(
                            organizations.findDeleted(tx, name).isPresent()
                                    ? "an organization %s was deleted, and keeps its name until it is gone for good"
                                            .formatted(name)
                                    : "there is an organization " + name));
            owner.map(account -> management.account(tx, account))
                    .ifPresent(account ->
                            grants.insert(tx, made.id(), "", Role.OWNER, new GrantStore.Holder.Account(account.id())));
            return Organization.of(made, usualWindow);
        });
    }

    /** The organizations in which the caller holds a role; an administrator's are all. */
    public Listing<Organization> list(Grant grant, Listing.Asked asked) {
        List<Row> rows = management.read(
                grant,
                (tx, powers) -> powers.seesAll()
                        ? organizations.page(tx, asked.after(), asked.rows())
                        : organizations.page(tx, powers.organizations(), asked.after(), asked.rows()));
        return Listing.of(rows, asked, row -> Organization.of(row, usualWindow), row -> row.name()
                .value());
    }

    /** An organization that the caller sees. */
    public Organization get(Grant grant, OrganizationName name) {
        return management.read(
                grant, (tx, powers) -> Organization.of(management.seen(tx, powers, name, Lock.NONE), usualWindow));
    }

    /** Changes an organization; what is held already stays held as long as it was to be. */
    public Organization change(Grant grant, OrganizationName name, Change change) {
        change.undoWindow().ifPresent(OrganizationService::demandPossible);
        return management.change(grant, AuditSubject.of(AuditAction.ORGANIZATION_CHANGE, name), (tx, powers, audit) -> {
            OrganizationId id = management.ownedForChange(tx, powers, name);
            Row row = management.seen(tx, powers, name, Lock.NONE);
            Optional<Duration> window =
                    change.undoWindow().map(OrganizationService::length).orElse(row.undoWindow());
            Visibility visibility = change.defaultVisibility().orElse(row.defaultVisibility());
            organizations.change(tx, id, visibility, window);
            audit.changed("defaultVisibility", row.defaultVisibility().text(), visibility.text())
                    .changed("undoWindow", row.undoWindow(), window);
            return Organization.of(management.seen(tx, powers, name, Lock.NONE), usualWindow);
        });
    }

    private static Optional<Duration> length(UndoWindow window) {
        return switch (window) {
            case UndoWindow.Usual _ -> Optional.empty();
            case UndoWindow.Of(Duration length) -> Optional.of(length);
        };
    }

    private static void demandPossible(UndoWindow window) {
        if (length(window)
                .filter(length -> length.compareTo(SHORTEST_WINDOW) < 0 || length.compareTo(LONGEST_WINDOW) > 0)
                .isPresent()) {
            throw new Invalid("undoWindow", "undoWindow is from 1 to 365 days");
        }
    }

    /** Deletes an organization that holds nothing, with the roles in it; 409 with what it holds. */
    public void delete(Grant grant, OrganizationName name) {
        management.change(grant, AuditSubject.of(AuditAction.ORGANIZATION_DELETE, name), (tx, powers, _) -> {
            OrganizationId id = management.owned(tx, powers, name, Lock.WHOLE);
            // In a statement after the lock: what somebody was about to make in it is there by now, or never will be.
            Contents held = organizations.contents(tx, id);
            if (!held.equals(new Contents(0, 0, 0, 0))) {
                throw new Conflict(
                        "the organization is not empty",
                        Map.of(
                                "repositories", held.repositories(),
                                "teams", held.teams(),
                                "robots", held.robots(),
                                "trustedIssuers", held.trustedIssuers()));
            }
            organizations.delete(tx, id);
            return true;
        });
    }
}
