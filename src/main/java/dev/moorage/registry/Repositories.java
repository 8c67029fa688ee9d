package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Finds the repository of a request, and makes it on its first push. */
@ApplicationScoped
class Repositories {

    private static final int ATTEMPTS = 3;

    private final RepositoryStore store;
    private final MoorageConfig config;

    Repositories(RepositoryStore store, MoorageConfig config) {
        this.store = store;
        this.config = config;
    }

    /** The repository, if it lives. */
    Optional<RepositoryStore.Live> find(Transaction transaction, RepositoryName name) {
        return store.find(transaction, name);
    }

    /** The repository, made where it is absent; it is kept from being deleted until the transaction ends. */
    RepositoryKey shareOrCreate(Transaction transaction, RepositoryName name) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<RepositoryKey> found = store.share(transaction, name);
            if (found.isPresent()) {
                return found.get();
            }
            if (!store.organizationLives(transaction, name.organization())) {
                if (!config.organizations().autoCreate()) {
                    throw new NameUnknown(name.value());
                }
                store.createOrganization(transaction, name.organization());
            }
            store.create(transaction, name);
        }
        throw new NameUnknown(name.value());
    }

    /** The live repository of the grant, kept from being deleted until the transaction ends; 404 where there is none. */
    RepositoryKey share(Transaction transaction, Grant grant) {
        return store.share(transaction, grant.repository())
                .orElseThrow(() -> new NameUnknown(grant.repository().value()));
    }

    /** Keeps a repository that was found before from being deleted; 404 where it has been. */
    void keep(Transaction transaction, RepositoryKey repository, RepositoryName name) {
        if (!store.stillLives(transaction, repository)) {
            throw new NameUnknown(name.value());
        }
    }

    /** Keeps a repository as {@link #keep} does and puts it into the catalog. */
    void keepAndList(Transaction transaction, RepositoryKey repository, RepositoryName name) {
        if (!store.list(transaction, repository)) {
            throw new NameUnknown(name.value());
        }
    }

    /** What to answer when something was not found: that the repository is unknown, or else what the caller says. */
    RegistryException absent(Transaction transaction, RepositoryName name, RegistryException otherwise) {
        return store.find(transaction, name).isPresent() ? otherwise : new NameUnknown(name.value());
    }
}
