package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What happened, appended only, and what is held so that it can be undone. */
@Singleton
public class HistoryStore {

    // Whoever wants to be told is asked for in the same statement: where nobody does, that is one look into an index.
    private static final String NEW_EVENT = """
            WITH happened AS (
                INSERT INTO event (group_id, organization_id, repository_id, kind, tag, from_digest, to_digest, actor, address,
                    client, claims, why, undoes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(json_object(?, ?)::text, '{}')::json, ?, ?::bigint)
                RETURNING *),
            told AS (
                INSERT INTO outbox (message, request, organization_id, repository_id, kind, tag, from_digest, to_digest, at,
                    actor, client, why, undoes)
                SELECT h.reference, h.group_id, h.organization_id, h.repository_id, h.kind, h.tag, h.from_digest,
                    h.to_digest, h.at, h.actor, h.client, h.why, (SELECT u.reference FROM event u WHERE u.id = h.undoes)
                FROM happened h
                WHERE (
                    SELECT bool_or(h.kind = ANY (w.kinds))
                    FROM webhook w
                    WHERE w.organization_id = h.organization_id AND w.enabled AND w.deleted_at IS NULL))
            SELECT id
            FROM happened
            """;

    // As long as the organization says, and where it says nothing as long as the setting does.
    private static final String NEW_HOLD = """
            INSERT INTO hold (organization_id, repository_id, kind, digest, event_id, held_until)
            SELECT o.id, ?, ?, ?, ?, now() + coalesce(o.undo_window_seconds, ?) * interval '1 second'
            FROM organization o
            WHERE o.id = ?
            """;

    private static final String END_HOLDS = """
            DELETE FROM hold
            WHERE organization_id = ? AND repository_id = ? AND kind = ? AND digest = ?
            """;

    private static final String END_HOLDS_OF_EVENTS = """
            DELETE FROM hold
            WHERE organization_id = ? AND repository_id = ? AND digest = ANY (?) AND event_id = ANY (?::bigint[])
                AND kind IN ('manifest', 'link')
            """;

    private static final String END_HOLDS_OF_REPOSITORY = """
            DELETE FROM hold
            WHERE organization_id = ? AND repository_id = ? AND kind = 'repository'
            """;

    /** What kinds of things happen. */
    public enum Kind {
        TAG_CREATED,
        TAG_MOVED,
        TAG_DELETED,
        MANIFEST_DELETED,
        MANIFEST_RESTORED,
        BLOB_DELETED,
        BLOB_RESTORED,
        REPOSITORY_DELETED,
        REPOSITORY_RESTORED,
        ORGANIZATION_DELETED,
        ORGANIZATION_RESTORED,
        MANIFEST_PURGED,
        BLOB_PURGED;

        /** The kind as rows and answers write it, in lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What can be held. */
    public enum Held {
        MANIFEST,
        LINK
    }

    /**
     * Who did it.
     *
     * @param group the same for everything that one request does
     * @param actor the account
     * @param address the client's network address
     * @param client the client's own name
     * @param claims what somebody else has said of the actor: the claims of a CI job
     * @param why the reason that the actor gave
     */
    public record Origin(
            UUID group, String actor, String address, String client, Map<String, String> claims, Optional<String> why) {

        /** Keeps its own copy of the claims. */
        public Origin {
            claims = Map.copyOf(claims);
        }

        /** The same with a reason. */
        public Origin because(Optional<String> reason) {
            return new Origin(group, actor, address, client, claims, reason);
        }
    }

    /**
     * What happened.
     *
     * @param kind what kind of thing
     * @param tag the tag that moved
     * @param from the digest before
     * @param to the digest after
     * @param undoes the id of the event that it undid
     */
    public record Event(
            Kind kind, Optional<Tag> tag, Optional<Digest> from, Optional<Digest> to, Optional<Long> undoes) {

        /** What happened, and undid nothing. */
        public Event(Kind kind, Optional<Tag> tag, Optional<Digest> from, Optional<Digest> to) {
            this(kind, tag, from, to, Optional.empty());
        }

        /** A tag that named one thing and names another. */
        public static Event ofTag(Tag tag, Optional<Digest> from, Optional<Digest> to, Optional<Long> undoes) {
            Kind kind = from.isEmpty() ? Kind.TAG_CREATED : to.isEmpty() ? Kind.TAG_DELETED : Kind.TAG_MOVED;
            return new Event(kind, Optional.of(tag), from, to, undoes);
        }
    }

    /**
     * Appends an event and answers its id. It is called when the rows that it speaks of are locked, so that ids and times
     * follow the order of what happened.
     */
    public long append(Transaction transaction, RepositoryKey repository, Origin origin, Event event) {
        return append(
                transaction,
                repository.organization(),
                Optional.of(repository.repository().value()),
                origin,
                event);
    }

    /** Appends an event of a locked organization as a whole, as {@link #append} does. */
    public long append(Transaction transaction, OrganizationId organization, Origin origin, Event event) {
        return append(transaction, organization, Optional.empty(), origin, event);
    }

    private static long append(
            Transaction transaction,
            OrganizationId organization,
            Optional<Long> repository,
            Origin origin,
            Event event) {
        List<String> names = origin.claims().keySet().stream().sorted().toList();
        return transaction
                .first(
                        NEW_EVENT,
                        row -> row.getLong(1),
                        origin.group(),
                        organization.value(),
                        repository,
                        event.kind().text(),
                        event.tag().map(Tag::value),
                        event.from().map(Digest::toString),
                        event.to().map(Digest::toString),
                        origin.actor(),
                        origin.address(),
                        origin.client(),
                        new TextArray(names),
                        new TextArray(names.stream().map(origin.claims()::get).toList()),
                        origin.why(),
                        event.undoes())
                .orElseThrow();
    }

    /**
     * Holds a manifest or a link back from collection.
     *
     * @param window how long, where the organization says nothing else
     */
    public void hold(
            Transaction transaction, RepositoryKey repository, Held held, Digest digest, long event, Duration window) {
        hold(transaction, repository, held.name().toLowerCase(Locale.ROOT), Optional.of(digest), event, window);
    }

    /** Holds a whole repository back from collection. */
    public void hold(Transaction transaction, RepositoryKey repository, long event, Duration window) {
        hold(transaction, repository, "repository", Optional.empty(), event, window);
    }

    private static void hold(
            Transaction transaction,
            RepositoryKey repository,
            String kind,
            Optional<Digest> digest,
            long event,
            Duration window) {
        transaction.change(
                NEW_HOLD,
                repository.repository().value(),
                kind,
                digest.map(Digest::toString),
                event,
                window.toSeconds(),
                repository.organization().value());
    }

    /** Ends the holds on a whole repository that lives again. */
    public void endHolds(Transaction transaction, RepositoryKey repository) {
        transaction.change(
                END_HOLDS_OF_REPOSITORY,
                repository.organization().value(),
                repository.repository().value());
    }

    /** Ends the holds on a manifest or link that lives again. */
    public void endHolds(Transaction transaction, RepositoryKey repository, Held held, Digest digest) {
        transaction.change(
                END_HOLDS,
                repository.organization().value(),
                repository.repository().value(),
                held.name().toLowerCase(Locale.ROOT),
                digest.toString());
    }

    /** Ends what these events hold of these manifests and links. */
    public void endHolds(
            Transaction transaction, RepositoryKey repository, Collection<Digest> digests, Collection<Long> events) {
        transaction.change(
                END_HOLDS_OF_EVENTS,
                repository.organization().value(),
                repository.repository().value(),
                LinkStore.texts(digests),
                new TextArray(events.stream().map(id -> Long.toString(id)).toList()));
    }
}
