package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What happened, appended only, and what is held so that it can be undone. */
@ApplicationScoped
public class HistoryStore {

    private static final String NEW_EVENT = """
            INSERT INTO event (group_id, organization_id, repository_id, kind, tag, from_digest, to_digest, actor, address,
                client, claims)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(json_object(?, ?)::text, '{}')::json)
            RETURNING id
            """;

    private static final String NEW_HOLD = """
            INSERT INTO hold (organization_id, repository_id, kind, digest, event_id, held_until)
            VALUES (?, ?, ?, ?, ?, now() + ? * interval '1 second')
            """;

    private static final String END_HOLDS = """
            DELETE FROM hold
            WHERE organization_id = ? AND repository_id = ? AND kind = ? AND digest = ?
            """;

    /** What kinds of things happen. */
    public enum Kind {
        TAG_CREATED,
        TAG_MOVED,
        TAG_DELETED,
        MANIFEST_DELETED,
        BLOB_DELETED
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
     */
    public record Origin(UUID group, String actor, String address, String client, Map<String, String> claims) {

        /** Keeps its own copy of the claims. */
        public Origin {
            claims = Map.copyOf(claims);
        }
    }

    /**
     * What happened.
     *
     * @param kind what kind of thing
     * @param tag the tag that moved
     * @param from the digest before
     * @param to the digest after
     */
    public record Event(Kind kind, Optional<Tag> tag, Optional<Digest> from, Optional<Digest> to) {}

    /**
     * Appends an event and answers its id. It is called when the rows that it speaks of are locked, so that ids and times
     * follow the order of what happened.
     */
    public long append(Transaction transaction, RepositoryKey repository, Origin origin, Event event) {
        List<String> names = origin.claims().keySet().stream().sorted().toList();
        return transaction
                .first(
                        NEW_EVENT,
                        row -> row.getLong(1),
                        origin.group(),
                        repository.organization().value(),
                        repository.repository().value(),
                        event.kind().name().toLowerCase(Locale.ROOT),
                        event.tag().map(Tag::value),
                        event.from().map(Digest::toString),
                        event.to().map(Digest::toString),
                        origin.actor(),
                        origin.address(),
                        origin.client(),
                        new TextArray(names),
                        new TextArray(names.stream().map(origin.claims()::get).toList()))
                .orElseThrow();
    }

    /** Holds a manifest or a link back from collection. */
    public void hold(
            Transaction transaction, RepositoryKey repository, Held held, Digest digest, long event, Duration window) {
        transaction.change(
                NEW_HOLD,
                repository.organization().value(),
                repository.repository().value(),
                held.name().toLowerCase(Locale.ROOT),
                digest.toString(),
                event,
                window.toSeconds());
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
}
