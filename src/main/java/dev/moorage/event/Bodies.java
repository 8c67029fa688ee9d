package dev.moorage.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.Delivery.Message;
import dev.moorage.name.WebhookFormat;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Writes messages in the formats of webhooks. */
@ApplicationScoped
class Bodies {

    // What clients and people write is as long as they like; a message is not.
    private static final int LONGEST_TEXT = 1000;

    private final ObjectMapper json;
    private final Optional<URI> host;

    Bodies(ObjectMapper json, MoorageConfig config) {
        this.json = json;
        this.host = config.http().hosts().flatMap(hosts -> hosts.stream().findFirst());
    }

    /** What happened in an organization. */
    Body of(WebhookFormat format, String organization, Message message) {
        return switch (format) {
            case CLOUDEVENTS -> body(CloudEvent.TYPE, new CloudEvent(host).of(organization, message));
            case DISTRIBUTION -> body(Envelope.TYPE, new Envelope(host).of(message));
        };
    }

    /** That somebody wants to see whether messages arrive; a receiver of Distribution's has nothing to do. */
    Body ping(WebhookFormat format, String organization, String webhook, UUID id, Instant at) {
        return switch (format) {
            case CLOUDEVENTS -> body(CloudEvent.TYPE, new CloudEvent(host).ping(organization, webhook, id, at));
            case DISTRIBUTION -> body(Envelope.TYPE, Map.of("events", List.of()));
        };
    }

    /** A text no longer than a message may hold. */
    static String bounded(String text) {
        return text.length() <= LONGEST_TEXT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, LONGEST_TEXT - 1)));
    }

    private Body body(String type, Map<String, Object> content) {
        try {
            return new Body(type, json.writeValueAsBytes(content));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
