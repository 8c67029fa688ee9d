package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A row of the audit trail.
 *
 * @param place where it stands in the order of all, which stays inside
 * @param reference what the outside calls it
 * @param times how many denials that are alike it stands for; 1 for a change
 * @param lastAt when the last of them was
 * @param entry what it tells
 */
public record AuditRow(Place place, UUID reference, long times, Instant lastAt, Entry entry) {

    /**
     * A place in the order of all rows.
     *
     * @param at when, by the database's clock
     * @param id which of those of that moment
     */
    public record Place(Instant at, long id) {}

    /**
     * Who did it, or tried.
     *
     * @param kind {@code account}, {@code administrator}, {@code robot}, {@code job}, {@code external}, {@code anonymous},
     *     {@code system} or {@code command}
     * @param name the name by which he is known
     * @param id his number, where he has one
     * @param address the network address that the request came from; empty where there was no request
     * @param client the client's own name for itself
     * @param request what the request was called; empty where it had no name
     */
    public record Actor(
            String kind, String name, Optional<Long> id, String address, String client, Optional<String> request) {}

    /**
     * What a row tells.
     *
     * @param actor who
     * @param organizationId in which organization; of a change it is looked for by its name where it is empty
     * @param organization the organization's name; empty for what belongs to none
     * @param action what, as {@link dev.moorage.name.AuditAction#text}
     * @param targetKind to what kind of thing
     * @param target to which one
     * @param outcome what became of it
     * @param detail what more there is to say: a JSON object
     */
    public record Entry(
            Actor actor,
            Optional<OrganizationId> organizationId,
            Optional<OrganizationName> organization,
            String action,
            String targetKind,
            String target,
            String outcome,
            String detail) {}
}
