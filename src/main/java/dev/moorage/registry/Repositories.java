package dev.moorage.registry;

import dev.moorage.access.Auditor;
import dev.moorage.access.Denials;
import dev.moorage.access.Grant;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.metadata.LookUps;
import dev.moorage.metadata.OutboxStore;
import dev.moorage.metadata.QuotaStore;
import dev.moorage.metadata.QuotaStore.Limited;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RepositoryStore.Kept;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.WebhookKind;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Finds the repository of a request, and makes it on its first push. */
@Singleton
class Repositories {

    private static final int ATTEMPTS = 3;

    private final RepositoryStore store;
    private final LookUps lookUps;
    private final QuotaStore quotas;
    private final OutboxStore outbox;
    private final Origins origins;
    private final Auditor auditor;
    private final Denials denials;
    private final MoorageConfig config;

    Repositories(
            RepositoryStore store,
            LookUps lookUps,
            QuotaStore quotas,
            OutboxStore outbox,
            Origins origins,
            Auditor auditor,
            Denials denials,
            MoorageConfig config) {
        this.store = store;
        this.lookUps = lookUps;
        this.quotas = quotas;
        this.outbox = outbox;
        this.origins = origins;
        this.auditor = auditor;
        this.denials = denials;
        this.config = config;
    }

    /** The repository, if it lives. */
    Optional<RepositoryStore.Live> find(Transaction transaction, Grant grant) {
        return store.find(transaction, grant.scope());
    }

    /**
     * The repository, if it lives, the catalog lists it, and the grant counts: one statement, which is all that nearly every push
     * needs. It is kept from being deleted until the transaction ends.
     */
    Optional<Kept> shareListed(Transaction transaction, Grant grant) {
        return store.shareListed(transaction, grant.scope());
    }

    /**
     * The repository, made where it is absent; it is kept from being deleted until the transaction ends.
     *
     * <p>403 where the organization may have no further repository.
     */
    Kept shareOrCreate(Transaction transaction, Grant grant) {
        RepositoryName name = grant.repository();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Kept> found = store.share(transaction, grant.scope());
            if (found.isPresent()) {
                return found.get();
            }
            demand(transaction, grant);
            Optional<Limited> organization = quotas.find(transaction, name.organization());
            if (organization.isPresent()) {
                Optional<Kept> made = makeRoom(transaction, grant, organization.get());
                if (made.isPresent()) {
                    return made.get();
                }
            } else {
                if (!makesOrganizations(grant)) {
                    throw new NameUnknown(name.value());
                }
                if (store.createOrganization(transaction, name.organization())) {
                    audit(transaction, grant, AuditSubject.of(AuditAction.ORGANIZATION_CREATE, name.organization()));
                }
            }
            if (store.create(transaction, name)) {
                audit(transaction, grant, AuditSubject.of(AuditAction.REPOSITORY_CREATE, name));
                store.share(transaction, grant.scope()).ifPresent(made -> tell(transaction, made.key(), grant));
            }
        }
        throw new NameUnknown(name.value());
    }

    private void tell(Transaction transaction, RepositoryKey made, Grant grant) {
        outbox.append(
                transaction,
                made.organization(),
                Optional.of(made.repository()),
                origins.of(grant),
                WebhookKind.REPOSITORY_CREATED,
                Optional.empty());
    }

    /** Refuses a repository above the quota; the repository itself where another request has made it meanwhile. */
    private Optional<Kept> makeRoom(Transaction transaction, Grant grant, Limited organization) {
        if (organization.quota().repositories().isEmpty()) {
            return Optional.empty();
        }
        quotas.lockRepositories(transaction, organization.id());
        // Whoever had the lock may have made this very repository, which is then no further one.
        Optional<Kept> made = store.share(transaction, grant.scope());
        if (made.isEmpty()) {
            int limit = organization.quota().repositories().get();
            long used = quotas.repositories(transaction, organization.id());
            if (used >= limit) {
                throw ByteQuota.denied("repositories", limit, used, 1);
            }
        }
        return made;
    }

    /** The live repository of the grant, kept from being deleted until the transaction ends; 404 where there is none. */
    RepositoryKey share(Transaction transaction, Grant grant) {
        return store.share(transaction, grant.scope())
                .map(Kept::key)
                .orElseThrow(() -> absent(
                        transaction, grant, new NameUnknown(grant.repository().value())));
    }

    /**
     * Keeps a repository that was found before from being deleted; 404 where it has been.
     *
     * <p>What the request may do is asked again here, at its end: the body may have taken hours, and who has lost his
     * rights meanwhile does not finish. That the token has expired meanwhile does not matter.
     */
    Kept keep(Transaction transaction, RepositoryKey repository, Grant grant) {
        Kept kept = store.keep(transaction, repository)
                .orElseThrow(() -> new NameUnknown(grant.repository().value()));
        demand(transaction, grant);
        return kept;
    }

    /** Keeps a repository from being deleted until the transaction ends; false where it has been. */
    boolean keepLive(Transaction transaction, RepositoryKey repository) {
        return store.keep(transaction, repository).isPresent();
    }

    /** Keeps a repository as {@link #keep} does and puts it into the catalog. */
    Kept keepAndList(Transaction transaction, RepositoryKey repository, Grant grant) {
        Kept kept = store.list(transaction, repository)
                .orElseThrow(() -> new NameUnknown(grant.repository().value()));
        demand(transaction, grant);
        return kept;
    }

    /** What to answer when something was not found: that the repository is unknown, or else what the caller says. */
    RegistryException absent(Transaction transaction, Grant grant, RegistryException otherwise) {
        return absent(store.state(transaction, grant.scope()), grant, otherwise);
    }

    /** The same outside of a transaction. */
    RegistryException absent(Grant grant, RegistryException otherwise) {
        return absent(lookUps.state(grant.scope()), grant, otherwise);
    }

    private RegistryException absent(RepositoryStore.State state, Grant grant, RegistryException otherwise) {
        return refusal(grant, state)
                .orElseGet(() -> state.present()
                        ? otherwise
                        : new NameUnknown(grant.repository().value()));
    }

    /** Refuses a grant that counts no more, where a statement with its guard has found nothing. */
    void demand(Transaction transaction, Grant grant) {
        if (!grant.scope().guard().isNone()) {
            refusal(grant, store.state(transaction, grant.scope())).ifPresent(refusal -> {
                throw refusal;
            });
        }
    }

    private Optional<RegistryException> refusal(Grant grant, RepositoryStore.State state) {
        Optional<RegistryException> refusal = grant.refusal(state);
        refusal.ifPresent(_ -> denials.add(
                grant,
                AuditSubject.of(AuditAction.TOKEN_SHOW, grant.repository()),
                "what the token rests on was revoked, or the repository is another one by now"));
        return refusal;
    }

    private void audit(Transaction transaction, Grant grant, AuditSubject subject) {
        auditor.done(transaction, grant, auditor.begin(transaction, subject).with("by", "a push"));
    }

    private boolean makesOrganizations(Grant grant) {
        boolean open = config.access().mode() == MoorageConfig.Mode.OPEN;
        return grant.makesOrganizations() && config.organizations().autoCreate().orElse(open);
    }
}
