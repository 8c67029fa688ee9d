package dev.moorage.administration;

import dev.moorage.event.WebhookSender;
import java.util.Optional;

/**
 * What came of a message that says nothing.
 *
 * @param delivered whether the target took it
 * @param status what it answered
 * @param because why it does not count as taken; never what the target said
 */
public record WebhookPing(boolean delivered, Optional<Integer> status, Optional<String> because) {

    static WebhookPing of(WebhookSender.Pinged pinged) {
        return new WebhookPing(pinged.delivered(), pinged.status(), pinged.because());
    }
}
