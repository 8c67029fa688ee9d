package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.administration.Management;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.OrganizationStore;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.registry.Immutability;
import dev.moorage.registry.Origins;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Deletes organizations with all that is in them, which their owners do: hidden at once, and held for undo. */
@ApplicationScoped
public class OrganizationDeletionService {

    private final Management management;
    private final OrganizationHiding hiding;
    private final Origins origins;

    OrganizationDeletionService(Management management, OrganizationHiding hiding, Origins origins) {
        this.management = management;
        this.hiding = hiding;
        this.origins = origins;
    }

    /**
     * Deletes an organization with everything; its name stays its own until it is gone for good.
     *
     * <p>403 where a rule keeps tags in it, unless the owner says that this does not matter.
     */
    public void delete(Grant grant, OrganizationName name, Immutability immutability, Optional<String> why) {
        Origin origin = origins.of(grant).because(Reason.of("why", why));
        AuditSubject subject = AuditSubject.of(AuditAction.ORGANIZATION_DELETE, name);
        management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("everything", true)
                    .with("immutableTags", immutability == Immutability.LIFTED ? "deleted too" : "kept")
                    .with("why", why);
            OrganizationId id = management.owned(tx, powers, name, OrganizationStore.Lock.WHOLE);
            Refusals.demandNone(List.of(
                    new Refusals.In(Optional.empty(), hiding.hide(tx, id, immutability, origin, Optional.empty()))));
            return id;
        });
    }
}
