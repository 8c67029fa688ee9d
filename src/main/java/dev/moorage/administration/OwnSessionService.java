package dev.moorage.administration;

import dev.moorage.access.Credentials;
import dev.moorage.access.Grant;
import dev.moorage.access.Secret;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.SessionStore;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Lets the owner of an account see where he is logged in to the console, and end that. */
@ApplicationScoped
public class OwnSessionService {

    private static final String SESSIONS = "sessions";

    private final Management management;
    private final SessionStore store;

    OwnSessionService(Management management, SessionStore store) {
        this.management = management;
        this.store = store;
    }

    /**
     * The caller's sessions, some tens at most, the one that was used last first.
     *
     * @param current what the browser has shown
     */
    public List<OwnSession> list(Grant grant, Optional<Credentials.Session> current) {
        var account = OwnAccountService.account(grant);
        return management.read(grant, (tx, powers) -> {
            OwnAccountService.demandWhole(powers);
            return store.of(tx, account.id(), hash(current)).stream()
                    .map(OwnSession::of)
                    .toList();
        });
    }

    /** Ends a session of the caller's. */
    public void end(Grant grant, String id) {
        var account = OwnAccountService.account(grant);
        UUID session = uuid(id);
        management.change(grant, subject(account.name()), (tx, powers, audit) -> {
            OwnAccountService.demandWhole(powers);
            if (!store.end(tx, account.id(), session)) {
                throw new NotFound("session", id);
            }
            return audit.with(SESSIONS, 1);
        });
    }

    /** Ends all sessions of the caller's but the one that asks; answers how many. */
    public int endOthers(Grant grant, Optional<Credentials.Session> current) {
        var account = OwnAccountService.account(grant);
        return management.change(grant, subject(account.name()), (tx, powers, audit) -> {
            OwnAccountService.demandWhole(powers);
            int ended = store.endOthers(tx, account.id(), hash(current));
            audit.with(SESSIONS, ended);
            return ended;
        });
    }

    private static AuditSubject subject(String account) {
        return AuditSubject.of(AuditAction.SESSION_END, account);
    }

    private static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException _) {
            throw new NotFound("session", id);
        }
    }

    /** No session has the empty hash. */
    private static byte[] hash(Optional<Credentials.Session> current) {
        return current.flatMap(session -> Secret.parse(Secret.Kind.SESSION, session.secret()))
                .map(Secret::hash)
                .orElseGet(() -> new byte[0]);
    }
}
