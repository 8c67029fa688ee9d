package dev.moorage.metadata;

import dev.moorage.metadata.AuditRow.Place;
import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.AuditOutcome;
import dev.moorage.name.Glob;
import dev.moorage.name.OrganizationId;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads the audit trail, page by page. */
@Singleton
public class AuditListStore {

    /** How many rows one page looks at. */
    public static final int EXAMINED = 2000;

    // The row where looking ends comes too, so that the next page can begin behind it.
    private static final String PAGE = """
            SELECT page.*
            FROM (
                SELECT e.*, %1$s AS matches, row_number() OVER (ORDER BY %3$s) = EXAMINED AS last
                FROM (
                    SELECT *
                    FROM audit_event e
                    WHERE %2$s
                    ORDER BY %3$s
                    LIMIT EXAMINED) e) page
            WHERE page.matches OR page.last
            ORDER BY %4$s
            LIMIT ?
            """.replace("EXAMINED", Integer.toString(EXAMINED));

    private static final String PLACE = """
            SELECT e.at, e.id
            FROM audit_event e
            WHERE e.reference = ?
            """;

    private static final String PLACE_IN_ORGANIZATION = PLACE + "AND e.organization_id = ?";

    /** In which order rows come. */
    public enum Order {
        NEWEST_FIRST,
        OLDEST_FIRST
    }

    /**
     * Which rows are asked for.
     *
     * @param organization the name of the organization, whichever has or had it; empty for whatever
     * @param actions what was done or tried, each as its text; empty for whatever
     * @param actor a pattern of the actor's name
     * @param target a pattern of the target's name
     * @param outcome what became of it
     * @param since then or later
     * @param until before
     */
    public record Wanted(
            Optional<String> organization,
            List<String> actions,
            Optional<Glob> actor,
            Optional<Glob> target,
            Optional<AuditOutcome> outcome,
            Optional<Instant> since,
            Optional<Instant> until) {

        /** Keeps its own copy of the actions. */
        public Wanted {
            actions = List.copyOf(actions);
        }
    }

    /** A row, whether it is as was asked, and whether looking ended with it. */
    public record Seen(AuditRow row, boolean matches, boolean last) {}

    /** Rows that are as asked, and the one where looking ended: at most {@value #EXAMINED} are looked at. */
    @AcrossTenants("an administrator sees all of it")
    public List<Seen> page(Transaction transaction, Wanted wanted, Order order, Optional<Place> after, int limit) {
        return page(transaction, Optional.empty(), wanted, order, after, limit);
    }

    /** The same of one organization. */
    public List<Seen> page(
            Transaction transaction,
            OrganizationId organization,
            Wanted wanted,
            Order order,
            Optional<Place> after,
            int limit) {
        return page(transaction, Optional.of(organization), wanted, order, after, limit);
    }

    /** Where a row stands. */
    @AcrossTenants("an administrator sees all of it")
    public Optional<Place> place(Transaction transaction, UUID reference) {
        return transaction.first(
                PLACE, row -> new Place(Columns.instant(row, 1).orElseThrow(), row.getLong(2)), reference);
    }

    /** Where a row of an organization stands. */
    public Optional<Place> place(Transaction transaction, OrganizationId organization, UUID reference) {
        return transaction.first(
                PLACE_IN_ORGANIZATION,
                row -> new Place(Columns.instant(row, 1).orElseThrow(), row.getLong(2)),
                reference,
                organization.value());
    }

    private static List<Seen> page(
            Transaction transaction,
            Optional<OrganizationId> organization,
            Wanted wanted,
            Order order,
            Optional<Place> after,
            int limit) {
        Terms matches = new Terms();
        wanted.organization().ifPresent(name -> matches.add("e.organization = ?", name));
        if (!wanted.actions().isEmpty()) {
            matches.add("e.action = ANY (?)", new TextArray(wanted.actions()));
        }
        wanted.actor().ifPresent(glob -> matches.add("e.actor LIKE ?", Like.of(glob.value())));
        wanted.target().ifPresent(glob -> matches.add("e.target LIKE ?", Like.of(glob.value())));
        wanted.outcome().ifPresent(outcome -> matches.add("e.outcome = ?", outcome.text()));
        Terms range = new Terms();
        organization.ifPresent(id -> range.add("e.organization_id = ?", id.value()));
        wanted.since().ifPresent(at -> range.add("e.at >= ?", Columns.time(at)));
        wanted.until().ifPresent(at -> range.add("e.at < ?", Columns.time(at)));
        boolean newest = order == Order.NEWEST_FIRST;
        after.ifPresent(place -> range.add(
                "(e.at, e.id) " + (newest ? '<' : '>') + " (?::timestamptz, ?::bigint)",
                Columns.time(place.at()),
                place.id()));
        String by = newest ? "X.at DESC, X.id DESC" : "X.at, X.id";
        List<Object> parameters = new ArrayList<>(matches.parameters);
        parameters.addAll(range.parameters);
        parameters.add(limit);
        return transaction.all(
                PAGE.formatted(matches.text(), range.text(), by.replace("X", "e"), by.replace("X", "page")),
                row -> new Seen(AuditStore.row(row), row.getBoolean("matches"), row.getBoolean("last")),
                parameters.toArray());
    }

    /** What rows have to be, all of it. */
    private static final class Terms {
        private final List<String> texts = new ArrayList<>();
        private final List<Object> parameters = new ArrayList<>();

        void add(String text, Object... values) {
            texts.add(text);
            parameters.addAll(List.of(values));
        }

        String text() {
            return texts.isEmpty() ? "true" : String.join(" AND ", texts);
        }
    }
}
