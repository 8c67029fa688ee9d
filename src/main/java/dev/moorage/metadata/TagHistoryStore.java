package dev.moorage.metadata;

import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What became of a tag. */
@Singleton
public class TagHistoryStore {

    private static final String LIVES = """
            EXISTS (
                SELECT FROM manifest m
                WHERE m.organization_id = e.organization_id AND m.repository_id = e.repository_id AND m.digest = %s
                    AND m.deleted_at IS NULL
                OFFSET 0)
            """;

    // An event is undone while the last one that undid it is not undone itself.
    private static final String PAGE = """
            SELECT e.reference, e.kind, e.at, e.actor, e.address, e.client,
                ARRAY(SELECT key FROM json_each_text(e.claims)) AS claims,
                ARRAY(SELECT value FROM json_each_text(e.claims)) AS claim_values,
                e.from_digest, %s AS from_lives, e.to_digest, %s AS to_lives, e.why,
                (SELECT u.reference FROM event u WHERE u.id = e.undoes AND u.organization_id = e.organization_id) AS undoes,
                chain.undone,
                (SELECT u.reference FROM event u WHERE u.id = chain.by AND u.organization_id = e.organization_id) AS undone_by
            FROM (
                SELECT *
                FROM event e
                WHERE e.organization_id = ? AND e.repository_id = ? AND e.tag = ? /* after */
                ORDER BY e.id DESC
                LIMIT ?) e
            CROSS JOIN LATERAL (
                WITH RECURSIVE line (id, place) AS (
                    SELECT max(u.id), 1
                    FROM event u
                    WHERE u.undoes = e.id AND u.organization_id = e.organization_id
                    UNION ALL
                    SELECT (
                        SELECT max(u.id)
                        FROM event u
                        WHERE u.undoes = line.id AND u.organization_id = e.organization_id), line.place + 1
                    FROM line
                    WHERE line.id IS NOT NULL AND line.place < 100)
                SELECT count(line.id) %% 2 = 1 AS undone, min(line.id) FILTER (WHERE line.place = 1) AS by
                FROM line) chain
            ORDER BY e.id DESC
            """.formatted(LIVES.formatted("e.from_digest"), LIVES.formatted("e.to_digest"));

    private static final String LATER = PAGE.replace("/* after */", """
            AND e.id < (SELECT b.id FROM event b WHERE b.organization_id = ? AND b.reference = ?)""");

    /**
     * What a tag named before or behind a move.
     *
     * @param digest the manifest
     * @param lives whether it can be pulled
     */
    public record Version(String digest, boolean lives) {}

    /**
     * One move.
     *
     * @param reference what the outside calls the event
     * @param kind what kind of thing happened
     * @param at when
     * @param actor who did it
     * @param address from which network address
     * @param client by which client
     * @param claims what his CI system says of him
     * @param from what the tag named before
     * @param to what it named then
     * @param why the reason that he gave
     * @param undoes the event that this one undid
     * @param undone whether its effect was undone, and not brought back
     * @param undoneBy by which event last
     */
    public record Move(
            UUID reference,
            String kind,
            Instant at,
            String actor,
            String address,
            String client,
            Map<String, String> claims,
            Optional<Version> from,
            Optional<Version> to,
            Optional<String> why,
            Optional<UUID> undoes,
            boolean undone,
            Optional<UUID> undoneBy) {

        /** Keeps its own copy of the claims. */
        public Move {
            claims = Map.copyOf(claims);
        }
    }

    /** The moves of a tag, the newest first, from behind one. */
    public List<Move> page(
            Transaction transaction, RepositoryKey repository, Tag tag, Optional<UUID> after, int limit) {
        long organization = repository.organization().value();
        List<Object> parameters =
                new ArrayList<>(List.of(organization, repository.repository().value(), tag.value()));
        after.ifPresent(reference -> parameters.addAll(List.of(organization, reference)));
        parameters.add(limit);
        return transaction.all(after.isPresent() ? LATER : PAGE, TagHistoryStore::move, parameters.toArray());
    }

    private static Move move(ResultSet row) throws SQLException {
        return new Move(
                row.getObject("reference", UUID.class),
                row.getString("kind"),
                Columns.instant(row, row.findColumn("at")).orElseThrow(),
                row.getString("actor"),
                row.getString("address"),
                row.getString("client"),
                claims(row),
                version(row.getString("from_digest"), row.getBoolean("from_lives")),
                version(row.getString("to_digest"), row.getBoolean("to_lives")),
                Optional.ofNullable(row.getString("why")),
                Optional.ofNullable(row.getObject("undoes", UUID.class)),
                row.getBoolean("undone"),
                Optional.ofNullable(row.getObject("undone_by", UUID.class)));
    }

    private static Optional<Version> version(String digest, boolean lives) {
        return Optional.ofNullable(digest).map(text -> new Version(text, lives));
    }

    private static Map<String, String> claims(ResultSet row) throws SQLException {
        String[] names = (String[]) row.getArray("claims").getArray();
        String[] values = (String[]) row.getArray("claim_values").getArray();
        Map<String, String> claims = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            claims.put(names[i], values[i]);
        }
        return claims;
    }
}
