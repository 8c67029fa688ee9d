package dev.moorage.access;

import dev.moorage.metadata.AuditRow.Actor;
import dev.moorage.metadata.AuditRow.Entry;
import dev.moorage.metadata.AuditStore.Tried;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditOutcome;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.Network;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import java.util.Map;
import java.util.Optional;

/**
 * Something that somebody was not let do.
 *
 * @param actor who, as far as he has shown it
 * @param action what
 * @param organization in which organization, as far as the request names one
 * @param organizationId which one had that name soon after the request; empty before it was looked for
 * @param target to what
 * @param because why not: one of few sentences, or one that names what the target names
 * @param naming whether the target is a name that somebody has
 */
record Denial(
        Actor actor,
        AuditAction action,
        Optional<OrganizationName> organization,
        Optional<OrganizationId> organizationId,
        String target,
        String because,
        Naming naming) {

    /** Cuts what is too long. */
    Denial {
        target = AuditText.fit(target, AuditText.LONGEST_TARGET);
        because = AuditText.fit(because, AuditText.LONGEST_TARGET);
    }

    /** What is known of the name of a target. */
    enum Naming {
        /** It can be told. */
        SETTLED,
        /** Somebody typed it, and it may be his password: it is told only where it is somebody's name. */
        TRIED
    }

    /** What makes two denials alike: all but the client's name for itself, and the address within the caller's network. */
    record Kind(
            String actorKind,
            String actor,
            String network,
            AuditAction action,
            Optional<OrganizationName> organization,
            Optional<OrganizationId> organizationId,
            String target,
            String because,
            Naming naming) {

        /** Whose it is. */
        String who() {
            return actorKind + ' ' + actor;
        }
    }

    static Denial of(Actor actor, AuditSubject subject, String because) {
        return new Denial(
                actor,
                subject.action(),
                subject.organization(),
                Optional.empty(),
                subject.target(),
                because,
                Naming.SETTLED);
    }

    /** Somebody tried to log in by a name that may be nobody's. */
    static Denial login(Actor actor, String name, String because) {
        return new Denial(actor, AuditAction.LOGIN, Optional.empty(), Optional.empty(), name, because, Naming.TRIED);
    }

    Kind kind() {
        String network = Network.address(actor.address())
                .map(Network::ofClient)
                .map(Network::toString)
                .orElse(actor.address());
        return new Kind(
                actor.kind(), actor.name(), network, action, organization, organizationId, target, because, naming);
    }

    /** The same once it is known what there is of the name. */
    Denial settled(Tried tried) {
        return new Denial(
                actor,
                action,
                tried.organization(),
                tried.organizationId(),
                tried.isKnown() ? target : "",
                because,
                Naming.SETTLED);
    }

    /** The same of an organization that was looked for. */
    Denial of(Optional<OrganizationId> found) {
        return new Denial(actor, action, organization, found, target, because, naming);
    }

    Entry entry() {
        return new Entry(
                actor,
                organizationId,
                organization,
                action.text(),
                action.target().text(),
                target,
                AuditOutcome.DENIED.text(),
                AuditText.detail(Map.of("because", because)));
    }
}
