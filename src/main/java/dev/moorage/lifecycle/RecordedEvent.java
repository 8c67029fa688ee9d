package dev.moorage.lifecycle;

import dev.moorage.metadata.EventStore;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened, as the management API shows it.
 *
 * @param reference what it is called
 * @param request the same for everything that one request did, and that one undo undoes
 * @param repository where; empty for an event of the organization as a whole
 * @param kind what happened, as {@code tag_moved}
 * @param tag to which tag
 * @param from the digest before
 * @param to the digest after
 * @param at when, by the database's clock
 * @param actor who did it
 * @param client the program that he did it by, by its own word
 * @param why the reason that he gave
 * @param undoes which event it undid
 * @param undoneBy which event undid it last
 */
public record RecordedEvent(
        String reference,
        String request,
        Optional<String> repository,
        String kind,
        Optional<String> tag,
        Optional<String> from,
        Optional<String> to,
        Instant at,
        String actor,
        String client,
        Optional<String> why,
        Optional<String> undoes,
        Optional<String> undoneBy) {

    static RecordedEvent of(EventStore.Row row) {
        return new RecordedEvent(
                row.reference().toString(),
                row.group().toString(),
                row.name().map(RepositoryName::value),
                row.kind().text(),
                row.tag().map(Tag::value),
                row.from().map(Digest::toString),
                row.to().map(Digest::toString),
                row.at(),
                row.actor(),
                row.client(),
                row.why(),
                row.undoes().map(Object::toString),
                row.undoneBy().map(Object::toString));
    }
}
