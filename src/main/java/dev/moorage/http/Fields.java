package dev.moorage.http;

import dev.moorage.access.Action;
import dev.moorage.administration.Holder;
import dev.moorage.administration.OrganizationService.UndoWindow;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Quota;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Role;
import dev.moorage.name.Sorting;
import dev.moorage.name.TagPattern;
import dev.moorage.name.Visibility;
import dev.moorage.name.WebhookFormat;
import dev.moorage.name.WebhookKind;
import dev.moorage.registry.Immutability;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes values of the fields of a body; 400 with the field's name where one is none. */
public final class Fields {

    private Fields() {}

    /** The name of an organization that is to be made. */
    public static OrganizationName organization(String text) {
        return OrganizationName.parse(text)
                .orElseThrow(
                        () -> new Invalid("name", "an organization's name is one component of a repository's name"));
    }

    /** The name of a repository that is to be made. */
    public static RepositoryName repository(String text) {
        return RepositoryName.parse(text)
                .orElseThrow(() -> new Invalid(
                        "name",
                        "a repository name has lower-case components, at most " + RepositoryName.MAX_LENGTH
                                + " characters in all"));
    }

    /** Who sees something. */
    public static Visibility visibility(String field, String text) {
        return Visibility.parse(text).orElseThrow(() -> new Invalid(field, field + " is private or public"));
    }

    /** A role. */
    public static Role role(String text) {
        return Role.parse(text).orElseThrow(() -> new Invalid("role", "role is reader, writer, maintainer or owner"));
    }

    /** What holds a role. */
    public static Holder.Kind holder(String text) {
        return Holder.Kind.parse(text)
                .orElseThrow(() -> new Invalid("holder.kind", "a holder is an account, team, robot or trusted-issuer"));
    }

    /** A part of the registry. */
    public static RepositoryPrefix prefix(String text) {
        return RepositoryPrefix.parse(text)
                .orElseThrow(
                        () -> new Invalid("prefix", "prefix is whole components of a repository's name, or empty"));
    }

    /** What a credential is for. */
    public static Set<Action> actions(Collection<String> texts) {
        return texts.stream()
                .map(text -> Action.parse(text)
                        .orElseThrow(() -> new Invalid("actions", "actions are pull, push, delete and administer")))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A pattern of tags, in the field {@code pattern}. */
    public static TagPattern tagPattern(String text) {
        return tagPattern("pattern", text);
    }

    /** A pattern of tags. */
    public static TagPattern tagPattern(String field, String text) {
        return TagPattern.parse(text)
                .orElseThrow(() -> new Invalid(
                        field, field + " has 1 to 128 characters that a tag may have, and * and ? for any of them"));
    }

    /** What an organization may keep. */
    public static Quota quota(Optional<Long> bytes, Optional<Integer> repositories) {
        if (bytes.filter(limit -> limit < 0).isPresent()) {
            throw new Invalid("bytes", "bytes is a number from 0 on, or null");
        }
        if (repositories.filter(limit -> limit < 0).isPresent()) {
            throw new Invalid("repositories", "repositories is a number from 0 on, or null");
        }
        return new Quota(bytes, repositories);
    }

    /** A digest. */
    public static Digest digest(String text) {
        return Digest.parse(text).orElseThrow(() -> new Invalid("digest", "digest is one, as sha256:…"));
    }

    /** What of an organization may be there when it is deleted. */
    public enum Contents {
        NONE,
        EVERYTHING
    }

    /** What of an organization may be there when it is deleted; nothing where it is not said. */
    public static Contents contents(Optional<String> everything) {
        return switch (everything.orElse("false")) {
            case "true" -> Contents.EVERYTHING;
            case "false" -> Contents.NONE;
            default -> throw new Invalid("everything", "everything is true or false");
        };
    }

    /** Whether rules keep tags from a deletion; they do where it is not said. */
    public static Immutability immutability(Optional<String> text) {
        if (text.filter(asked -> !asked.equals("delete")).isPresent()) {
            throw new Invalid("immutable-tags", "immutable-tags is delete, or is not there");
        }
        return text.isPresent() ? Immutability.LIFTED : Immutability.ENFORCED;
    }

    /** How long what is deleted can be brought back. */
    public static UndoWindow undoWindow(String text) {
        if (text.equals("default")) {
            return new UndoWindow.Usual();
        }
        try {
            return new UndoWindow.Of(Duration.parse(text));
        } catch (DateTimeParseException _) {
            throw new Invalid("undoWindow", "undoWindow is a duration as P14D, or default");
        }
    }

    /** An order. */
    public static Sorting sorting(String text) {
        return Sorting.parse(text)
                .orElseThrow(
                        () -> new Invalid("sort", "sort is name, pushed or size, or one of them with - before it"));
    }

    /** A truth value. */
    public static boolean truth(String field, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Invalid(field, field + " is true or false");
        };
    }

    /** A time. */
    public static Instant time(String field, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException _) {
            throw new Invalid(field, field + " is a time as 2030-01-31T12:00:00Z");
        }
    }

    /** How a webhook's messages are written. */
    public static WebhookFormat webhookFormat(String text) {
        return WebhookFormat.parse(text)
                .orElseThrow(() -> new Invalid("format", "format is cloudevents or distribution"));
    }

    /** What a webhook is told of. */
    public static Set<WebhookKind> webhookKinds(Collection<String> texts) {
        return texts.stream()
                .map(text -> WebhookKind.parse(text)
                        .orElseThrow(
                                () -> new Invalid("events", "events are kinds as tag_created, see docs/webhooks.md")))
                .collect(Collectors.toUnmodifiableSet());
    }
}
