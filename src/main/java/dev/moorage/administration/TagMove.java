package dev.moorage.administration;

import dev.moorage.metadata.TagHistoryStore.Move;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One move of a tag, as the management API shows it.
 *
 * @param event by what an undo names it
 * @param kind what happened: {@code tag-created}, {@code tag-moved}, {@code tag-deleted}
 * @param at when
 * @param by who did it; for those who hold a role there
 * @param client by which client, as that calls itself; for the same
 * @param address from which network address; for those who may undo it
 * @param claims what his CI system says of him; for those who may undo it
 * @param from what the tag named before
 * @param to what it named then
 * @param why the reason that was given; for those who hold a role there
 * @param undoes the event that this one undid
 * @param undone whether its effect was undone, and not brought back since
 * @param undoneBy the event that undid it last
 */
public record TagMove(
        UUID event,
        String kind,
        Instant at,
        Optional<String> by,
        Optional<String> client,
        Optional<String> address,
        Optional<Map<String, String>> claims,
        Optional<Version> from,
        Optional<Version> to,
        Optional<String> why,
        Optional<UUID> undoes,
        boolean undone,
        Optional<UUID> undoneBy) {

    /**
     * What a tag named.
     *
     * @param digest the manifest
     * @param pullable whether it can still be pulled by that
     */
    public record Version(String digest, boolean pullable) {}

    /** How much of a move somebody is shown. */
    enum Detail {
        /** All. */
        WHOLE,
        /** All but where somebody was, and what his CI system says of him. */
        WITHOUT_ORIGIN,
        /** Only what happened: names of accounts and reasons are not for everybody who may pull what is public. */
        WITHOUT_PEOPLE
    }

    static TagMove of(Move move, Detail detail) {
        boolean whole = detail == Detail.WHOLE;
        boolean people = detail != Detail.WITHOUT_PEOPLE;
        return new TagMove(
                move.reference(),
                move.kind().replace('_', '-'),
                move.at(),
                Optional.of(move.actor()).filter(_ -> people),
                Optional.of(move.client()).filter(_ -> people),
                Optional.of(move.address()).filter(_ -> whole),
                Optional.of(move.claims()).filter(_ -> whole),
                move.from().map(version -> new Version(version.digest(), version.lives())),
                move.to().map(version -> new Version(version.digest(), version.lives())),
                move.why().filter(_ -> people),
                move.undoes(),
                move.undone(),
                move.undoneBy());
    }
}
