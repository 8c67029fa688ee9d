package dev.moorage.administration;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A row of the audit trail, as answers and exports show it.
 *
 * @param reference what it is called
 * @param at when, by the database's clock
 * @param organization in which organization; null for what belongs to none
 * @param actor who did it, or tried
 * @param request what the request was called; null where it had no name
 * @param action what
 * @param target to what
 * @param outcome {@code done} or {@code denied}
 * @param count how many denials that are alike it stands for; 1 for a change
 * @param lastAt when the last of them was
 * @param detail what more there is to say
 */
public record AuditRecord(
        String reference,
        Instant at,
        Optional<String> organization,
        Actor actor,
        Optional<String> request,
        String action,
        Target target,
        String outcome,
        long count,
        Instant lastAt,
        Map<String, Object> detail) {

    /**
     * Who did it, or tried.
     *
     * @param kind {@code account}, {@code administrator}, {@code robot}, {@code job}, {@code external}, {@code anonymous},
     *     {@code system} or {@code command}
     * @param name the name by which he is known
     * @param id his number, which no other of his name has; null where he has none
     * @param address where the request came from; null where it does not, or is not for the reader
     * @param client the program that he did it by, by its own word; null as the address
     */
    public record Actor(
            String kind, String name, Optional<Long> id, Optional<String> address, Optional<String> client) {}

    /**
     * To what.
     *
     * @param kind what kind of thing
     * @param name which one, as it was called then
     */
    public record Target(String kind, String name) {}
}
