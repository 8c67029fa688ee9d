package dev.moorage.event;

import dev.moorage.metadata.Delivery.Message;
import dev.moorage.name.RepositoryName;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A message as a CloudEvent 1.0 in structured JSON (CloudEvents, JSON Event Format 1.0.2, section 3). */
final class CloudEvent {

    static final String TYPE = "application/cloudevents+json; charset=utf-8";

    private static final String TYPES = "dev.moorage.";
    private static final String NAMELESS = "urn:moorage:registry";

    private final Optional<URI> host;

    CloudEvent(Optional<URI> host) {
        this.host = host;
    }

    Map<String, Object> of(String organization, Message message) {
        Map<String, Object> event =
                context(message.id(), message.kind().text(), subject(organization, message), message.at());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("organization", organization);
        message.repository().ifPresent(name -> data.put("repository", name.value()));
        message.tag().ifPresent(tag -> data.put("tag", tag.value()));
        message.digest().ifPresent(digest -> data.put("digest", digest.toString()));
        message.from().ifPresent(digest -> data.put("from", digest.toString()));
        message.to().ifPresent(digest -> data.put("to", digest.toString()));
        message.manifest().mediaType().ifPresent(type -> data.put("mediaType", type));
        message.manifest().artifactType().ifPresent(type -> data.put("artifactType", type));
        message.manifest().size().ifPresent(size -> data.put("size", size));
        data.put("actor", Bodies.bounded(message.actor()));
        data.put("client", Bodies.bounded(message.client()));
        message.why().ifPresent(why -> data.put("why", Bodies.bounded(why)));
        data.put("request", message.request().toString());
        message.undoes().ifPresent(undone -> data.put("undoes", undone.toString()));
        event.put("data", data);
        return event;
    }

    Map<String, Object> ping(String organization, String webhook, UUID id, Instant at) {
        Map<String, Object> event = context(id, "ping", organization, at);
        event.put("data", Map.of("organization", organization, "webhook", webhook));
        return event;
    }

    private Map<String, Object> context(UUID id, String kind, String subject, Instant at) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", id.toString());
        event.put("source", host.map(URI::toString).orElse(NAMELESS));
        event.put("type", TYPES + kind);
        event.put("subject", subject);
        event.put("time", at.toString());
        event.put("datacontenttype", "application/json");
        return event;
    }

    /** As clients write it: a repository with its tag, or else the digest. */
    private static String subject(String organization, Message message) {
        return message.repository().map(RepositoryName::value).orElse(organization)
                + message.tag()
                        .map(tag -> ":" + tag.value())
                        .or(() -> message.digest().map(digest -> "@" + digest))
                        .orElse("");
    }
}
