package dev.moorage.administration;

import dev.moorage.access.Grant;
import dev.moorage.access.Secret;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.RefreshTokenStore;
import dev.moorage.metadata.RobotListStore;
import dev.moorage.metadata.RobotListStore.Row;
import dev.moorage.metadata.RobotListStore.State;
import dev.moorage.metadata.RobotStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.RobotId;
import dev.moorage.name.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Makes robots, changes and ends them, for owners of their organization.
 *
 * <p>Whatever is changed ends the robot's tokens with the next request that shows one.
 */
@ApplicationScoped
public class RobotService {

    private final Management management;
    private final RobotStore robots;
    private final RobotListStore list;
    private final GrantStore grants;
    private final RefreshTokenStore refreshTokens;

    RobotService(
            Management management,
            RobotStore robots,
            RobotListStore list,
            GrantStore grants,
            RefreshTokenStore refreshTokens) {
        this.management = management;
        this.robots = robots;
        this.list = list;
        this.grants = grants;
        this.refreshTokens = refreshTokens;
    }

    /**
     * A robot to make.
     *
     * @param expiresAt until when it may log in; empty for ever
     * @param role a role to give it at once
     * @param path where that role is: whole components behind the organization's name; empty for all of it
     */
    public record Wanted(
            String name, String description, Optional<Instant> expiresAt, Optional<Role> role, String path) {}

    /** What is to be changed of a robot; what is empty stays. */
    public record Change(Optional<String> description, Optional<Instant> expiresAt, Optional<Boolean> enabled) {}

    /** The organization's robots. */
    public Listing<Robot> list(Grant grant, OrganizationName organization, Listing.Asked asked) {
        List<Row> rows = management.read(
                grant,
                (tx, powers) -> list.page(tx, management.owned(tx, powers, organization), asked.after(), asked.rows()));
        return Listing.of(rows, asked, row -> Robot.of(organization, row), Row::name);
    }

    /** Makes a robot; its secret is in the answer and nowhere else. */
    public Robot.WithSecret create(Grant grant, OrganizationName organization, Wanted wanted) {
        Texts.name(wanted.name());
        Texts.description(wanted.description());
        Texts.expiry(wanted.expiresAt());
        if (RepositoryPrefix.of(organization, wanted.path()).isEmpty()) {
            throw new Invalid("path", "path is whole components of a repository's name");
        }
        Secret secret = Secret.make(Secret.Kind.ROBOT);
        AuditSubject subject = AuditSubject.of(AuditAction.ROBOT_CREATE, organization, wanted.name());
        return management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("role", wanted.role().map(Role::text))
                    .with("path", wanted.path())
                    .with("expiresAt", wanted.expiresAt().map(Instant::toString));
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            RobotId robot = robots.insert(
                            tx,
                            id,
                            wanted.name(),
                            wanted.description(),
                            secret.hash(),
                            wanted.expiresAt().map(at -> at.atOffset(ZoneOffset.UTC)))
                    .orElseThrow(() -> new Conflict("there is a robot " + wanted.name()));
            wanted.role()
                    .ifPresent(role -> grants.insert(tx, id, wanted.path(), role, new GrantStore.Holder.Robot(robot)));
            return new Robot.WithSecret(Robot.of(organization, robot(tx, id, wanted.name())), secret.reveal());
        });
    }

    /** A robot. */
    public Robot get(Grant grant, OrganizationName organization, String name) {
        return management.read(
                grant,
                (tx, powers) -> Robot.of(organization, robot(tx, management.owned(tx, powers, organization), name)));
    }

    /** Changes a robot, or keeps it from logging in. */
    public Robot change(Grant grant, OrganizationName organization, String name, Change change) {
        change.description().ifPresent(Texts::description);
        Texts.expiry(change.expiresAt());
        AuditSubject subject = AuditSubject.of(AuditAction.ROBOT_CHANGE, organization, name);
        return management.change(grant, subject, (tx, powers, audit) -> {
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            Row row = robot(tx, id, name);
            list.change(
                    tx,
                    id,
                    new Row(
                            row.id(),
                            row.name(),
                            change.description().orElse(row.description()),
                            row.createdAt(),
                            change.expiresAt().or(row::expiresAt),
                            row.lastUsedAt(),
                            change.enabled()
                                    .map(enabled -> enabled ? State.ENABLED : State.DISABLED)
                                    .orElse(row.state())));
            Row now = robot(tx, id, name);
            audit.changed("description", row.description(), now.description())
                    .changed("expiresAt", row.expiresAt(), now.expiresAt())
                    .changed("enabled", row.state() == State.ENABLED, now.state() == State.ENABLED);
            return Robot.of(organization, now);
        });
    }

    /** Gives a robot another secret; the one before and all that was given for it end. */
    public Robot.WithSecret rotate(Grant grant, OrganizationName organization, String name) {
        Secret secret = Secret.make(Secret.Kind.ROBOT);
        AuditSubject subject = AuditSubject.of(AuditAction.ROBOT_SECRET, organization, name);
        return management.change(grant, subject, (tx, powers, _) -> {
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            Row row = robot(tx, id, name);
            list.setSecret(tx, id, row.id(), secret.hash());
            refreshTokens.revoke(tx, row.id());
            return new Robot.WithSecret(Robot.of(organization, row), secret.reveal());
        });
    }

    /** Deletes a robot with its roles. */
    public void delete(Grant grant, OrganizationName organization, String name) {
        management.change(grant, AuditSubject.of(AuditAction.ROBOT_DELETE, organization, name), (tx, powers, _) -> {
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            Row row = robot(tx, id, name);
            list.delete(tx, id, row.id());
            refreshTokens.revoke(tx, row.id());
            return true;
        });
    }

    private Row robot(Transaction transaction, OrganizationId organization, String name) {
        return Texts.found("robot", name, text -> list.find(transaction, organization, text));
    }
}
