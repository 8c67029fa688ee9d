package dev.moorage.http.ui;

import dev.moorage.administration.Webhook;
import io.quarkus.qute.TemplateExtension;
import java.util.Locale;
import java.util.Optional;

/** How pages write a part of a whole. */
@TemplateExtension(namespace = "share")
final class Shares {

    private Shares() {}

    /** A part in percent, as drawings are scaled by it: 100 at most, also of a whole that is nothing. */
    static String percent(long part, long whole) {
        double share = whole <= 0 ? 1 : Math.min(1, (double) part / whole);
        return String.format(Locale.ROOT, "%.1f%%", share * 100);
    }

    /** A number as the wider one that shares are made of. */
    static long wide(int number) {
        return number;
    }

    /** A limit as it is typed; empty where there is none. */
    static String text(Optional<Long> limit) {
        return limit.map(Object::toString).orElse("");
    }

    /** The same of things that are counted. */
    static String count(Optional<Integer> limit) {
        return limit.map(Object::toString).orElse("");
    }

    /** A text, or an empty one. */
    static String orEmpty(Optional<String> text) {
        return text.orElse("");
    }

    /** Whether a kind of event is chosen in the form that changes a webhook. */
    static boolean chosen(Sent sent, Webhook webhook, String kind) {
        return sent.refused("change")
                ? sent.fields().all("events").contains(kind)
                : webhook.events().contains(kind);
    }
}
