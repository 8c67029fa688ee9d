package dev.moorage.metadata;

import dev.moorage.metadata.Delivery.State;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.WebhookId;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What was told to webhooks and what was not, as owners see it and have it told again. */
@Singleton
public class DeliveryListStore {

    private static final String OF_WEBHOOK = "SELECT " + Delivery.COLUMNS + """
            FROM delivery d
            WHERE d.organization_id = ? AND d.webhook_id = ?
            """;

    private static final String BY_REFERENCE = OF_WEBHOOK + "AND d.reference = ?::uuid";

    // By the sum, so that no other index than those of the lists has this order.
    private static final String BEFORE = """
            AND d.id + 0 < coalesce(?::bigint, 9223372036854775807)
            ORDER BY d.id + 0 DESC
            LIMIT ?
            """;

    private static final String PAGE = OF_WEBHOOK + BEFORE;
    private static final String PAGE_OF_STATE = OF_WEBHOOK + "AND d.state = ? " + BEFORE;

    private static final String AGAIN = """
            UPDATE delivery
            SET state = 'waiting', attempts = 0, queued_at = now(), not_before = now(), finished_at = NULL
            WHERE organization_id = ? AND webhook_id = ? AND id = ?
            """;

    private static final String DEAD_AGAIN = """
            UPDATE delivery
            SET state = 'waiting', attempts = 0, queued_at = now(), not_before = now(), finished_at = NULL
            WHERE organization_id = ? AND id = ANY (ARRAY(
                SELECT id
                FROM delivery
                WHERE organization_id = ? AND webhook_id = ? AND state = 'dead'
                ORDER BY id + 0
                LIMIT ?))
            """;

    // Whoever has it at this moment looks once more before he lets it go.
    private static final String WAKE = """
            UPDATE webhook_turn
            SET due_at = CASE WHEN lease_until > now() THEN due_at ELSE now() END, paused_until = NULL,
                failures = 0
            WHERE organization_id = ? AND webhook_id = ?
            """;

    /**
     * Deliveries of a webhook, the newest first, from behind one.
     *
     * @param after the number of the one before, {@link Delivery#id}
     */
    public List<Delivery> page(
            Transaction transaction,
            OrganizationId organization,
            WebhookId webhook,
            Optional<State> state,
            Optional<Long> after,
            int limit) {
        return state.map(asked -> transaction.all(
                        PAGE_OF_STATE, Delivery::of, organization.value(), webhook.value(), asked.text(), after, limit))
                .orElseGet(
                        () -> transaction.all(PAGE, Delivery::of, organization.value(), webhook.value(), after, limit));
    }

    /** The delivery that the outside calls so. */
    public Optional<Delivery> find(
            Transaction transaction, OrganizationId organization, WebhookId webhook, UUID reference) {
        return transaction.first(BY_REFERENCE, Delivery::of, organization.value(), webhook.value(), reference);
    }

    /** Tells a webhook something again, at once, or tries it at once where it waits. */
    public void again(Transaction transaction, OrganizationId organization, WebhookId webhook, Delivery delivery) {
        // The turn first, as whoever hands something out locks it.
        transaction.change(WAKE, organization.value(), webhook.value());
        transaction.change(AGAIN, organization.value(), webhook.value(), delivery.id());
    }

    /** Tells a webhook some of its dead letters again, the oldest first, and answers how many. */
    public int deadAgain(Transaction transaction, OrganizationId organization, WebhookId webhook, int limit) {
        transaction.change(WAKE, organization.value(), webhook.value());
        return transaction.change(DEAD_AGAIN, organization.value(), organization.value(), webhook.value(), limit);
    }
}
