package dev.moorage.administration;

import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.event.WebhookSender;
import dev.moorage.metadata.Delivery;
import dev.moorage.metadata.DeliveryListStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.WebhookStore;
import dev.moorage.metadata.WebhookStore.Target;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.WebhookId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Tells the owners of an organization what its webhooks were told, and tells those again. */
@ApplicationScoped
public class WebhookDeliveryService {

    /** How many dead letters are sent again by one request. */
    public static final int MOST_AT_ONCE = 1000;

    private final Management management;
    private final WebhookStore webhooks;
    private final DeliveryListStore deliveries;
    private final WebhookSender sender;

    WebhookDeliveryService(
            Management management, WebhookStore webhooks, DeliveryListStore deliveries, WebhookSender sender) {
        this.management = management;
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.sender = sender;
    }

    /** How many dead letters wait again, of at most {@value #MOST_AT_ONCE} at once. */
    public record Redelivered(int redelivered) {}

    private record Called(OrganizationId organization, Target target) {}

    /** Sends a webhook a message that says nothing, now, and answers what came of it. */
    public WebhookPing ping(Grant grant, OrganizationName organization, String name) {
        AuditSubject subject = AuditSubject.of(AuditAction.WEBHOOK_PING, organization, name);
        Called called = management.change(grant, subject, (tx, powers, _) -> {
            OrganizationId id = management.owned(tx, powers, organization);
            return new Called(id, webhooks.target(tx, id, webhook(tx, id, name)).orElseThrow(() -> absent(name)));
        });
        return WebhookPing.of(sender.ping(called.organization(), called.target()));
    }

    /** What a webhook is to be told and was, the newest first. */
    public Listing<WebhookDelivery> list(
            Grant grant, OrganizationName organization, String name, Optional<String> state, Listing.Asked asked) {
        Optional<UUID> after = after(asked);
        Optional<Delivery.State> only = state.map(WebhookDeliveryService::state);
        List<Delivery> found = management.read(grant, (tx, powers) -> {
            OrganizationId id = management.owned(tx, powers, organization);
            WebhookId webhook = webhook(tx, id, name);
            // One that was removed meanwhile has no place: the list would begin anew.
            Optional<Long> behind = after.map(reference -> deliveries
                    .find(tx, id, webhook, reference)
                    .orElseThrow(WebhookDeliveryService::unknownPlace)
                    .id());
            return deliveries.page(tx, id, webhook, only, behind, asked.rows());
        });
        return Listing.of(found, asked, WebhookDelivery::of, delivery -> delivery.reference()
                .toString());
    }

    /** Tells a webhook something again, whatever became of it before. */
    public WebhookDelivery redeliver(Grant grant, OrganizationName organization, String name, String reference) {
        AuditSubject subject = AuditSubject.of(AuditAction.WEBHOOK_REDELIVER, organization, name);
        return management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("delivery", reference);
            OrganizationId id = management.owned(tx, powers, organization);
            WebhookId webhook = webhook(tx, id, name);
            Delivery delivery = delivery(tx, id, webhook, reference);
            deliveries.again(tx, id, webhook, delivery);
            return WebhookDelivery.of(delivery(tx, id, webhook, reference));
        });
    }

    /** Tells a webhook its dead letters again, the oldest first. */
    public Redelivered redeliverDead(Grant grant, OrganizationName organization, String name) {
        AuditSubject subject = AuditSubject.of(AuditAction.WEBHOOK_REDELIVER, organization, name);
        return management.change(grant, subject, (tx, powers, audit) -> {
            OrganizationId id = management.owned(tx, powers, organization);
            int again = deliveries.deadAgain(tx, id, webhook(tx, id, name), MOST_AT_ONCE);
            audit.with("deadLetters", again);
            return new Redelivered(again);
        });
    }

    private WebhookId webhook(Transaction transaction, OrganizationId organization, String name) {
        return Texts.found("webhook", name, text -> webhooks.find(transaction, organization, text))
                .id();
    }

    private Delivery delivery(
            Transaction transaction, OrganizationId organization, WebhookId webhook, String reference) {
        return uuid(reference)
                .flatMap(id -> deliveries.find(transaction, organization, webhook, id))
                .orElseThrow(() -> new NotFound("delivery", reference));
    }

    private static NotFound absent(String name) {
        return new NotFound("webhook", name);
    }

    private static Optional<UUID> after(Listing.Asked asked) {
        if (asked.after().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(uuid(asked.after()).orElseThrow(WebhookDeliveryService::unknownPlace));
    }

    private static Invalid unknownPlace() {
        return new Invalid("after", "after is what next was on the page before");
    }

    private static Delivery.State state(String text) {
        return Delivery.State.parse(text)
                .orElseThrow(() -> new Invalid("state", "state is waiting, delivered or dead, or left out"));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            UUID read = UUID.fromString(text);
            return Optional.of(read).filter(id -> id.toString().equals(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
