package dev.moorage.event;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.WebhookStore.Target;
import dev.moorage.name.OrganizationId;
import dev.moorage.outbound.OutboundHttp;
import dev.moorage.outbound.OutboundHttp.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Sends one message to one webhook. */
@ApplicationScoped
class WebhookCall {

    private static final int SUCCESS = 2;
    private static final int CLASS = 100;

    private final OutboundHttp http;
    private final WebhookSecrets secrets;
    private final InstantSource time;
    private final Duration timeout;

    WebhookCall(OutboundHttp http, WebhookSecrets secrets, InstantSource time, MoorageConfig config) {
        this.http = http;
        this.secrets = secrets;
        this.time = time;
        this.timeout = config.webhooks().timeout();
    }

    /**
     * What came of it.
     *
     * @param status what the target answered
     * @param because why it does not count as told, in words of ours; empty where it does
     * @param wasTried whether the target had a chance; else it was held up here
     */
    record Answered(Optional<Integer> status, Optional<String> because, boolean wasTried) {

        static Answered failed(String because) {
            return new Answered(Optional.empty(), Optional.of(because), true);
        }
    }

    /** Who is told what. */
    record Letter(UUID message, UUID delivery, String kind, Body body) {}

    Answered send(OrganizationId organization, Target target, Letter letter) {
        List<String> keys = target.secrets().stream()
                .flatMap(key -> secrets.decrypt(organization, target.name(), key).stream())
                .toList();
        if (keys.isEmpty()) {
            return Answered.failed("its secret cannot be read");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", letter.body().type());
        headers.put("Moorage-Event", letter.kind());
        headers.put("Moorage-Event-Id", letter.message().toString());
        headers.put("Moorage-Delivery", letter.delivery().toString());
        headers.put(
                Signature.HEADER,
                Signature.of(keys, time.instant(), letter.body().bytes()));
        return switch (http.post(
                URI.create(target.url()), headers, letter.body().bytes(), timeout)) {
            case Outcome.Answer answer
            when answer.status() / CLASS == SUCCESS ->
                new Answered(Optional.of(answer.status()), Optional.empty(), true);
            case Outcome.Answer answer ->
                new Answered(Optional.of(answer.status()), Optional.of("the answer was no success"), true);
            case Outcome.Refused(String because) -> Answered.failed(because);
            case Outcome.Failed(String because) -> Answered.failed(because);
            case Outcome.Busy(String because) -> new Answered(Optional.empty(), Optional.of(because), false);
        };
    }
}
