package dev.moorage.administration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.AuditListStore;
import dev.moorage.metadata.AuditListStore.Order;
import dev.moorage.metadata.AuditListStore.Seen;
import dev.moorage.metadata.AuditListStore.Wanted;
import dev.moorage.metadata.AuditRow;
import dev.moorage.metadata.AuditRow.Place;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Shows the audit trail: of an organization to its owners, all of it to administrators.
 *
 * <p>Owners do not see from where and with what administrators of the registry came.
 */
@ApplicationScoped
public class AuditService {

    private static final int PIECE = 500;
    private static final TypeReference<Map<String, Object>> DETAIL = new TypeReference<>() {};

    private final Management management;
    private final AuditListStore list;
    private final ObjectMapper json;

    AuditService(Management management, AuditListStore list, ObjectMapper json) {
        this.management = management;
        this.list = list;
        this.json = json;
    }

    /** What an administrator asks for. */
    public record Everywhere(Optional<OrganizationName> organization, AuditFilter filter) {}

    /**
     * Rows of the registry, the newest first; for administrators. One page looks at {@value AuditListStore#EXAMINED} rows at
     * most: where the filter passes over most of them it may be short, or empty, and still have a next one.
     */
    public Listing<AuditRecord> list(Grant grant, Everywhere asked, Listing.Asked page) {
        Wanted wanted = wanted(asked);
        return management.read(grant, (tx, powers) -> {
            demand(powers);
            Optional<Place> after = reference(page).map(reference -> found(list.place(tx, reference)));
            return page(list.page(tx, wanted, Order.NEWEST_FIRST, after, page.rows()), page, Reader.ADMINISTRATOR);
        });
    }

    /** Rows of an organization, also of one that is deleted and that the caller can bring back; as those of the registry. */
    public Listing<AuditRecord> list(
            Grant grant, OrganizationName organization, AuditFilter filter, Listing.Asked page) {
        Wanted wanted = filter.wanted(Optional.empty());
        return management.read(grant, (tx, powers) -> {
            OrganizationId id = owned(tx, powers, organization);
            Optional<Place> after = reference(page).map(reference -> found(list.place(tx, id, reference)));
            return page(list.page(tx, id, wanted, Order.NEWEST_FIRST, after, page.rows()), page, reader(powers));
        });
    }

    /** All rows of the registry, the oldest first, in pieces; for administrators. */
    public AuditPieces export(Grant grant, Everywhere asked) {
        Wanted wanted = wanted(asked);
        return new AuditPieces(after -> management.read(grant, (tx, powers) -> {
            demand(powers);
            return piece(list.page(tx, wanted, Order.OLDEST_FIRST, after, PIECE), Reader.ADMINISTRATOR);
        }));
    }

    /** All rows of an organization, the oldest first, in pieces; whether the caller owns it is asked with each. */
    public AuditPieces export(Grant grant, OrganizationName organization, AuditFilter filter) {
        Wanted wanted = filter.wanted(Optional.empty());
        return new AuditPieces(after -> management.read(grant, (tx, powers) -> {
            OrganizationId id = owned(tx, powers, organization);
            return piece(list.page(tx, id, wanted, Order.OLDEST_FIRST, after, PIECE), reader(powers));
        }));
    }

    private static Wanted wanted(Everywhere asked) {
        return asked.filter().wanted(asked.organization().map(OrganizationName::value));
    }

    private static void demand(Powers powers) {
        Management.demand(powers.everywhere(Action.ADMINISTER));
    }

    private OrganizationId owned(Transaction transaction, Powers powers, OrganizationName name) {
        Management.Met met = management.met(transaction, powers, name);
        Management.demand(met.powers().over(name, Action.ADMINISTER));
        return met.id();
    }

    /** Who reads. */
    private enum Reader {
        ADMINISTRATOR,
        OWNER
    }

    private static Reader reader(Powers powers) {
        return Powers.refusal(powers.everywhere(Action.ADMINISTER)).isEmpty() ? Reader.ADMINISTRATOR : Reader.OWNER;
    }

    private static Optional<UUID> reference(Listing.Asked asked) {
        try {
            return Optional.of(asked.after()).filter(text -> !text.isEmpty()).map(UUID::fromString);
        } catch (IllegalArgumentException _) {
            throw unknownPlace();
        }
    }

    private static Place found(Optional<Place> place) {
        return place.orElseThrow(AuditService::unknownPlace);
    }

    private static Invalid unknownPlace() {
        return new Invalid("after", "after is what next was on the page before");
    }

    private Listing<AuditRecord> page(List<Seen> rows, Listing.Asked asked, Reader reader) {
        List<AuditRecord> items = new ArrayList<>();
        Optional<AuditRow> before = Optional.empty();
        for (Seen seen : rows) {
            if (items.size() == asked.limit()) {
                return new Listing<>(items, before.map(row -> row.reference().toString()));
            }
            if (seen.matches()) {
                items.add(shown(seen.row(), reader));
            }
            before = Optional.of(seen.row());
        }
        boolean more = !rows.isEmpty() && rows.getLast().last();
        return new Listing<>(
                items, before.filter(_ -> more).map(row -> row.reference().toString()));
    }

    private AuditPieces.Piece piece(List<Seen> rows, Reader reader) {
        boolean more =
                !rows.isEmpty() && (rows.size() == PIECE || rows.getLast().last());
        return new AuditPieces.Piece(
                rows.stream()
                        .filter(Seen::matches)
                        .map(seen -> shown(seen.row(), reader))
                        .toList(),
                more ? Optional.of(rows.getLast().row().place()) : Optional.empty());
    }

    private AuditRecord shown(AuditRow row, Reader reader) {
        AuditRow.Entry entry = row.entry();
        AuditRow.Actor actor = entry.actor();
        boolean hidden = reader == Reader.OWNER && actor.kind().equals("administrator");
        return new AuditRecord(
                row.reference().toString(),
                row.place().at(),
                entry.organization().map(OrganizationName::value),
                new AuditRecord.Actor(
                        actor.kind(),
                        actor.name(),
                        actor.id(),
                        Optional.of(actor.address()).filter(text -> !hidden && !text.isEmpty()),
                        Optional.of(actor.client()).filter(text -> !hidden && !text.isEmpty())),
                actor.request(),
                entry.action(),
                new AuditRecord.Target(entry.targetKind(), entry.target()),
                entry.outcome(),
                row.times(),
                row.lastAt(),
                detail(entry.detail()));
    }

    private Map<String, Object> detail(String text) {
        try {
            return json.readValue(text, DETAIL);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
