package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.administration.WebhookService;
import dev.moorage.administration.WebhookService.Tags;
import dev.moorage.http.Fields;
import dev.moorage.name.WebhookFormat;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;

/** What is said of webhooks in bodies. */
final class WebhookBody {

    private WebhookBody() {}

    /** A webhook to make. */
    @RegisterForReflection
    record NewWebhook(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) String url,
            Optional<String> format,
            Optional<String> path,
            Optional<List<String>> events,
            Optional<String> tags,
            Optional<Boolean> enabled) {

        WebhookService.Wanted wanted() {
            return new WebhookService.Wanted(
                    name,
                    url,
                    format.map(Fields::webhookFormat).orElse(WebhookFormat.CLOUDEVENTS),
                    path.orElse(""),
                    events.map(Fields::webhookKinds),
                    tags.map(text -> Fields.tagPattern("tags", text)),
                    enabled.orElse(true));
        }
    }

    /** What may be changed of one; the tags are all again where they are null. */
    @RegisterForReflection
    record WebhookChange(
            Optional<String> url,
            Optional<String> format,
            Optional<String> path,
            Optional<List<String>> events,
            TextOrNull tags,
            Optional<Boolean> enabled) {

        WebhookService.Change change() {
            return new WebhookService.Change(
                    url,
                    format.map(Fields::webhookFormat),
                    path,
                    events.map(Fields::webhookKinds),
                    switch (tags) {
                        case TextOrNull.Absent _ -> new Tags.Kept();
                        case TextOrNull.Null _ -> new Tags.Those(Optional.empty());
                        case TextOrNull.Text(String text) ->
                            new Tags.Those(Optional.of(Fields.tagPattern("tags", text)));
                    },
                    enabled);
        }
    }

    /** Nothing is said, but that it is JSON. */
    @RegisterForReflection
    record Nothing() {}
}
