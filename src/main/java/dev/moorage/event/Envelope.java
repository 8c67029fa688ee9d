package dev.moorage.event;

import dev.moorage.metadata.Delivery.Message;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.WebhookKind;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A message in the envelope of the Distribution registry's notifications, version 2, of one event. */
final class Envelope {

    static final String TYPE = "application/vnd.docker.distribution.events.v2+json";

    private static final String PUSH = "push";
    private static final String DELETE = "delete";
    // Of a blob its type is not known: it has one in manifests only.
    private static final String BYTES = "application/octet-stream";

    private final Optional<URI> host;

    Envelope(Optional<URI> host) {
        this.host = host;
    }

    Map<String, Object> of(Message message) {
        String action = action(message.kind());
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("id", message.id().toString());
        event.put("timestamp", message.at().toString());
        event.put("action", action);
        event.put("target", target(message));
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("id", message.request().toString());
        host.ifPresent(address -> request.put("host", address.getAuthority()));
        request.put("method", action.equals(PUSH) ? "PUT" : "DELETE");
        request.put("useragent", Bodies.bounded(message.client()));
        event.put("request", request);
        event.put("actor", Map.of("name", Bodies.bounded(message.actor())));
        event.put(
                "source",
                host.map(address -> Map.of("addr", address.getAuthority())).orElseGet(Map::of));
        return Map.of("events", List.of(event));
    }

    private Map<String, Object> target(Message message) {
        Map<String, Object> target = new LinkedHashMap<>();
        message.digest().ifPresent(digest -> {
            target.put("mediaType", message.manifest().mediaType().orElse(BYTES));
            message.manifest().size().ifPresent(size -> {
                target.put("size", size);
                target.put("length", size);
            });
            target.put("digest", digest.toString());
        });
        message.repository().ifPresent(name -> target.put("repository", name.value()));
        message.tag().ifPresent(tag -> target.put("tag", tag.value()));
        host.flatMap(address -> message.repository()
                        .flatMap(name -> message.digest().map(digest -> url(address, name, digest, message.kind()))))
                .ifPresent(url -> target.put("url", url));
        return target;
    }

    private static String url(URI host, RepositoryName name, Digest digest, WebhookKind kind) {
        String noun =
                switch (kind) {
                    case BLOB_DELETED, BLOB_RESTORED, BLOB_PURGED -> "blobs";
                    default -> "manifests";
                };
        return host + "/v2/" + name + '/' + noun + '/' + digest;
    }

    private static String action(WebhookKind kind) {
        return switch (kind) {
            case TAG_CREATED, TAG_MOVED, MANIFEST_PUSHED, MANIFEST_RESTORED, BLOB_RESTORED -> PUSH;
            case TAG_DELETED, MANIFEST_DELETED, MANIFEST_PURGED, BLOB_DELETED, BLOB_PURGED, REPOSITORY_DELETED ->
                DELETE;
            case REPOSITORY_CREATED,
                    REPOSITORY_RESTORED,
                    ORGANIZATION_DELETED,
                    ORGANIZATION_RESTORED,
                    RETENTION_FINISHED -> throw new IllegalArgumentException("no word for " + kind);
        };
    }
}
