package dev.moorage.administration;

import dev.moorage.metadata.Delivery;
import dev.moorage.metadata.Delivery.State;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that a webhook is to be told, or was, as the management API shows it.
 *
 * @param id what it is called
 * @param eventId what happened: the same in every message about it, to every webhook
 * @param event what kind of thing happened
 * @param state {@code waiting}, {@code delivered} or {@code dead}
 * @param attempts how often it was tried
 * @param nextAttempt when it is tried next, at the earliest
 * @param lastAttempt when it was tried last
 * @param lastStatus what the target answered then
 * @param because why that did not count, or why it was given up; never what the target said
 */
public record WebhookDelivery(
        String id,
        String eventId,
        String event,
        Optional<String> repository,
        Optional<String> tag,
        Optional<String> digest,
        Instant at,
        String state,
        int attempts,
        Optional<Instant> nextAttempt,
        Optional<Instant> lastAttempt,
        Optional<Integer> lastStatus,
        Optional<String> because) {

    static WebhookDelivery of(Delivery delivery) {
        return new WebhookDelivery(
                delivery.reference().toString(),
                delivery.message().id().toString(),
                delivery.message().kind().text(),
                delivery.message().repository().map(RepositoryName::value),
                delivery.message().tag().map(Tag::value),
                delivery.message().digest().map(Digest::toString),
                delivery.message().at(),
                delivery.state().text(),
                delivery.attempts(),
                Optional.of(delivery.notBefore()).filter(_ -> delivery.state() == State.WAITING),
                delivery.last().at(),
                delivery.last().status(),
                delivery.last().because());
    }
}
