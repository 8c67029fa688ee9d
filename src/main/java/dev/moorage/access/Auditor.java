package dev.moorage.access;

import dev.moorage.metadata.AuditRow.Actor;
import dev.moorage.metadata.AuditRow.Entry;
import dev.moorage.metadata.AuditStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditOutcome;
import dev.moorage.name.AuditSubject;
import jakarta.enterprise.context.ApplicationScoped;

/** Writes down who changed what, in the transaction of the change: one is not without the other. */
@ApplicationScoped
public class Auditor {

    private final AuditStore store;

    Auditor(AuditStore store) {
        this.store = store;
    }

    /**
     * Begins to write down a change, before it is made.
     *
     * <p>The organization is found now, by which it may be that it is deleted; one that is made comes at the end.
     */
    public Audit begin(Transaction transaction, AuditSubject subject) {
        return new Audit(subject, subject.organization().flatMap(name -> store.organization(transaction, name)));
    }

    /** Writes down a change that was made. */
    public void done(Transaction transaction, Grant grant, Audit audit) {
        done(transaction, AuditActor.of(grant), audit);
    }

    /** Writes down a change that somebody made who has no grant. */
    void done(Transaction transaction, Actor actor, Audit audit) {
        if (!audit.isNothing()) {
            store.add(transaction, entry(actor, audit));
        }
    }

    private static Entry entry(Actor actor, Audit audit) {
        return new Entry(
                actor,
                audit.organization(),
                audit.subject().organization(),
                audit.subject().action().text(),
                audit.subject().action().target().text(),
                AuditText.fit(audit.target(), AuditText.LONGEST_TARGET),
                AuditOutcome.DONE.text(),
                AuditText.detail(audit.detail()));
    }
}
