package dev.moorage.access;

import dev.moorage.metadata.AuditRow.Actor;
import dev.moorage.metadata.AuditStore;
import dev.moorage.metadata.AuditStore.Tried;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells the audit trail what was denied: gathered in memory, so that a request that is refused takes as long as another, and
 * written in batches.
 *
 * <p>Those who have shown who they are have a place of their own: strangers without number cannot hide what somebody does
 * who is known. What was not written yet is lost with a replica that is killed.
 */
@ApplicationScoped
public class Denials {

    /** How many kinds of denials are remembered, of strangers and of others each. */
    static final int MOST = 1024;

    /** How many rows an hour one replica writes, for strangers and for others each. */
    static final int ROWS_PER_HOUR = 2000;

    private static final Tried NOBODY = new Tried(false, Optional.empty(), Optional.empty());

    private final Transactions transactions;
    private final AuditStore store;
    private final LongSupplier nanos;
    private final Shelf strangers;
    private final Shelf others;

    @Inject
    Denials(Transactions transactions, AuditStore store) {
        this(transactions, store, System::nanoTime, MOST, ROWS_PER_HOUR);
    }

    Denials(Transactions transactions, AuditStore store, LongSupplier nanos, int most, int rowsPerHour) {
        this.transactions = transactions;
        this.store = store;
        this.nanos = nanos;
        this.strangers = Shelf.of(DenialBounds.whole(most, rowsPerHour));
        this.others = Shelf.of(DenialBounds.shared(most, rowsPerHour));
    }

    private record Shelf(DenialTally tally, DenialWindows windows) {

        static Shelf of(DenialBounds bounds) {
            return new Shelf(new DenialTally(bounds), new DenialWindows(bounds));
        }
    }

    /** Tells that the holder of a grant was not let do something. */
    public void add(Grant grant, AuditSubject subject, String because) {
        add(Denial.of(AuditActor.of(grant), subject, because));
    }

    /** Tells that somebody was not let do something who has shown who he is. */
    void add(Principal principal, Visitor visitor, AuditSubject subject, String because) {
        add(Denial.of(AuditActor.of(principal, visitor.address(), visitor.client()), subject, because));
    }

    /** Tells that somebody was not believed. */
    void unknown(Visitor visitor, AuditAction action, String because) {
        add(Denial.of(stranger(visitor), AuditSubject.of(action, ""), because));
    }

    /** Tells that somebody could not log in by a name. */
    void login(Visitor visitor, String name, String because) {
        add(Denial.login(stranger(visitor), name, because));
    }

    private static Actor stranger(Visitor visitor) {
        return AuditActor.of(new Principal.Anonymous(), visitor.address(), visitor.client());
    }

    private void add(Denial denial) {
        Shelf shelf = denial.actor().kind().equals("anonymous") ? strangers : others;
        shelf.tally().add(Alike.one(denial, nanos.getAsLong()));
    }

    /** Writes what is due; what could not be written is tried again. */
    public void write() {
        write(DenialWindows.Wait.FOR_MORE);
    }

    /** Writes all that there is. */
    public void writeAll() {
        write(DenialWindows.Wait.FOR_NOTHING);
    }

    private synchronized void write(DenialWindows.Wait wait) {
        for (Shelf shelf : List.of(strangers, others)) {
            write(shelf, wait);
        }
    }

    private void write(Shelf shelf, DenialWindows.Wait wait) {
        List<Alike> gathered = shelf.tally().take();
        // Whose names are not looked at yet goes back there: a password is not to come among the names.
        List<Alike> settled = orElse(() -> settled(gathered), () -> gathered.forEach(shelf.tally()::add));
        long now = nanos.getAsLong();
        shelf.tally().drop(shelf.windows().put(settled, now));
        shelf.windows().put(dropped(shelf, now), now);
        DenialWindows.Due due = shelf.windows().take(now, wait);
        shelf.tally().drop(due.dropped());
        if (!due.written().isEmpty()) {
            orElse(() -> written(due.written()), () -> shelf.windows().putBack(due.written(), now));
        }
    }

    private static List<Alike> orElse(Supplier<List<Alike>> work, Runnable otherwise) {
        boolean done = false;
        try {
            List<Alike> result = work.get();
            done = true;
            return result;
        } finally {
            if (!done) {
                otherwise.run();
            }
        }
    }

    /** How many were only counted is told too, in a row as the others. */
    private static List<Alike> dropped(Shelf shelf, long now) {
        long times = shelf.tally().takeDropped();
        Denial denial = Denial.of(
                AuditActor.system("audit"),
                AuditSubject.of(AuditAction.DENIALS_DROP, ""),
                "there were more kinds of denials than are written down");
        return times == 0 ? List.of() : List.of(new Alike(denial, times, now, now));
    }

    private List<Alike> written(List<Alike> rows) {
        transactions.run(
                Durability.PROGRAM_END,
                tx -> store.add(tx, rows.stream().map(this::row).toList()));
        return rows;
    }

    private AuditStore.Denials row(Alike alike) {
        long now = nanos.getAsLong();
        return new AuditStore.Denials(
                alike.first().entry(),
                alike.times(),
                Duration.ofNanos(now - alike.firstNanos()),
                Duration.ofNanos(now - alike.lastNanos()));
    }

    /**
     * Looks whose names were tried: what is nobody's may be a password, and is not written down. And which organizations
     * there are, while they are still those of the requests: a row may be written when another has the name.
     */
    private List<Alike> settled(List<Alike> gathered) {
        List<String> names = gathered.stream()
                .map(Alike::first)
                .filter(denial -> denial.naming() == Denial.Naming.TRIED)
                .map(Denial::target)
                .distinct()
                .toList();
        List<OrganizationName> organizations = gathered.stream()
                .flatMap(alike -> alike.first().organization().stream())
                .distinct()
                .toList();
        if (names.isEmpty() && organizations.isEmpty()) {
            return gathered;
        }
        Looked looked = transactions.read(tx -> new Looked(
                names.isEmpty() ? Map.of() : store.tried(tx, names),
                organizations.isEmpty() ? Map.of() : store.organizations(tx, organizations)));
        return gathered.stream()
                .map(alike ->
                        new Alike(looked.settled(alike.first()), alike.times(), alike.firstNanos(), alike.lastNanos()))
                .toList();
    }

    /** What there is of the names in what was gathered. */
    private record Looked(Map<String, Tried> tried, Map<OrganizationName, OrganizationId> organizations) {

        Denial settled(Denial denial) {
            return denial.naming() == Denial.Naming.TRIED
                    ? denial.settled(tried.getOrDefault(denial.target(), NOBODY))
                    : denial.of(denial.organization().flatMap(name -> Optional.ofNullable(organizations.get(name))));
        }
    }
}
