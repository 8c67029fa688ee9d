package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.name.WebhookId;
import dev.moorage.name.WebhookKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Something that a webhook is to be told, or was.
 *
 * @param id its place in the order of all, which stays inside
 * @param reference what the outside calls it
 * @param webhook who is told
 * @param message what happened
 * @param state what became of it
 * @param attempts how often it was tried
 * @param queuedAt since when it waits
 * @param notBefore when it may be tried next
 * @param last the last attempt
 * @param finishedAt when it was delivered, or given up
 */
public record Delivery(
        long id,
        UUID reference,
        WebhookId webhook,
        Message message,
        State state,
        int attempts,
        Instant queuedAt,
        Instant notBefore,
        Last last,
        Optional<Instant> finishedAt) {

    static final String COLUMNS = """
            d.id, d.reference, d.webhook_id, d.repository, d.message, d.request, d.kind, d.tag, d.from_digest, d.to_digest,
            d.media_type, d.artifact_type, d.size, d.at, d.actor, d.client, d.why, d.undoes, d.state, d.queued_at,
            d.not_before, d.attempts, d.last_at, d.last_status, d.because, d.finished_at
            """;

    /** What becomes of what is to be told. */
    public enum State {
        WAITING,
        DELIVERED,
        /** It was tried for too long, or there was too much to tell. */
        DEAD;

        /** The state as rows and answers write it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Reads a state; empty where the text is none. */
        public static Optional<State> parse(String text) {
            return Stream.of(values())
                    .filter(state -> state.text().equals(text))
                    .findFirst();
        }
    }

    /**
     * The last attempt.
     *
     * @param at when it ended
     * @param status what the target answered
     * @param because why it was none that counts, in words of ours
     */
    public record Last(Optional<Instant> at, Optional<Integer> status, Optional<String> because) {}

    /**
     * Something that happened.
     *
     * @param id the same for every webhook and every attempt
     * @param request the same for everything that one request did
     * @param repository where; empty for what happened to the organization as a whole
     * @param from the digest before
     * @param to the digest after
     * @param manifest what is known of the manifest that it is about
     * @param at when, by the database's clock
     * @param actor who did it
     * @param client by what
     * @param why the reason that he gave
     * @param undoes which event of the history it undid
     */
    public record Message(
            UUID id,
            UUID request,
            WebhookKind kind,
            Optional<RepositoryName> repository,
            Optional<Tag> tag,
            Optional<Digest> from,
            Optional<Digest> to,
            Facts manifest,
            Instant at,
            String actor,
            String client,
            Optional<String> why,
            Optional<UUID> undoes) {

        /** The digest that it is about: what there is now, or else what there was. */
        public Optional<Digest> digest() {
            return to.or(() -> from);
        }
    }

    /** What is known of a manifest. */
    public record Facts(Optional<String> mediaType, Optional<String> artifactType, Optional<Integer> size) {}

    static Delivery of(ResultSet row) throws SQLException {
        return new Delivery(
                row.getLong("id"),
                row.getObject("reference", UUID.class),
                new WebhookId(row.getLong("webhook_id")),
                message(row),
                State.parse(row.getString("state")).orElseThrow(),
                row.getInt("attempts"),
                time(row, "queued_at").orElseThrow(),
                time(row, "not_before").orElseThrow(),
                new Last(
                        time(row, "last_at"),
                        Optional.ofNullable(row.getObject("last_status", Integer.class)),
                        text(row, "because")),
                time(row, "finished_at"));
    }

    private static Message message(ResultSet row) throws SQLException {
        return new Message(
                row.getObject("message", UUID.class),
                row.getObject("request", UUID.class),
                WebhookKind.parse(row.getString("kind")).orElseThrow(),
                text(row, "repository").map(RepositoryName::new),
                text(row, "tag").map(Tag::new),
                text(row, "from_digest").flatMap(Digest::parse),
                text(row, "to_digest").flatMap(Digest::parse),
                new Facts(
                        text(row, "media_type"),
                        text(row, "artifact_type"),
                        Optional.ofNullable(row.getObject("size", Integer.class))),
                time(row, "at").orElseThrow(),
                row.getString("actor"),
                row.getString("client"),
                text(row, "why"),
                Optional.ofNullable(row.getObject("undoes", UUID.class)));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }
}
