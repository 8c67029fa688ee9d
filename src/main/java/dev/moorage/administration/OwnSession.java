package dev.moorage.administration;

import dev.moorage.metadata.SessionStore;
import java.time.Instant;

/**
 * A session of the console, as its owner sees it.
 *
 * @param id by which it is ended
 * @param current whether it is the one that asks
 * @param expiresAt when it ends, unless it is used before
 * @param address from where it was begun
 * @param client with which program
 */
public record OwnSession(
        String id,
        boolean current,
        Instant createdAt,
        Instant lastUsedAt,
        Instant expiresAt,
        String address,
        String client) {

    static OwnSession of(SessionStore.Row row) {
        return new OwnSession(
                row.id().toString(),
                row.which() == SessionStore.Which.THIS,
                row.createdAt(),
                row.lastUsedAt(),
                row.expiresAt(),
                row.address(),
                row.client());
    }
}
