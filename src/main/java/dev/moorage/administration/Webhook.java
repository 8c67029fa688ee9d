package dev.moorage.administration;

import dev.moorage.metadata.WebhookStore;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.TagPattern;
import dev.moorage.name.WebhookKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A webhook, as the management API shows it: without its secret.
 *
 * @param name its name within the organization
 * @param url whom to tell
 * @param format in which form
 * @param path of which repositories: whole components behind the organization's name; empty for all that happens in it
 * @param events of what
 * @param tags of which tags only
 */
public record Webhook(
        String name,
        String url,
        String format,
        String path,
        List<String> events,
        Optional<String> tags,
        boolean enabled,
        Instant createdAt) {

    /** Keeps its own copy of the events. */
    public Webhook {
        events = List.copyOf(events);
    }

    /**
     * A webhook with the secret that was made for it, which nobody is shown again.
     *
     * @param secret what its messages are signed with
     */
    public record WithSecret(Webhook webhook, String secret) {
        @Override
        public String toString() {
            return webhook + ", ***";
        }
    }

    static Webhook of(OrganizationName organization, WebhookStore.Row row) {
        WebhookStore.Wish wish = row.wish();
        String part = wish.part().value();
        return new Webhook(
                row.name(),
                wish.url(),
                wish.format().text(),
                part.isEmpty() ? "" : part.substring(organization.value().length() + 1),
                wish.kinds().stream().sorted().map(WebhookKind::text).toList(),
                wish.tags().map(TagPattern::value),
                wish.state() == WebhookStore.State.ENABLED,
                row.createdAt());
    }
}
